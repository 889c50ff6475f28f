package dev.weir.metering.explorer.run;

/**
 * Where a tree begins.
 *
 * @param offset of the topmost page
 * @param length of that page; 0 when the tree has no entries
 * @param height of that page above the leaves
 * @param entries in all leaves
 */
record TreeRoot(long offset, int length, int height, long entries) {

  static final TreeRoot NONE = new TreeRoot(0, 0, 0, 0);

  boolean isEmpty() {
    return length == 0;
  }
}
