package dev.weir.gateway.imports;

/**
 * How far a file is read.
 *
 * @param rows read
 * @param offset of the next row in the unpacked content
 * @param line of the next row
 */
record Checkpoint(long rows, long offset, long line) {

  static final Checkpoint START = new Checkpoint(0, 0, 1);
}
