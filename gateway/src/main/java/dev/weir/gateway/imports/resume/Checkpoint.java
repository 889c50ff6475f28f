package dev.weir.gateway.imports.resume;

/**
 * How far a file is read.
 *
 * @param rows read
 * @param offset of the next row in the unpacked content
 * @param line of the next row
 */
public record Checkpoint(long rows, long offset, long line) {

  /** Nothing is read. */
  public static final Checkpoint START = new Checkpoint(0, 0, 1);
}
