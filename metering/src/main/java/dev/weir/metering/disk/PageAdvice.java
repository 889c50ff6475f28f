package dev.weir.metering.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the operating system is told about its copies of a file's pages. It changes no content, and where it
 * cannot be told nothing is done. Nothing is promised by it that a flush promises. Thread-safe.
 */
public interface PageAdvice {

  /**
   * A stretch will not be read soon: its pages are let go of, but for those that are mapped or not on the
   * disk yet. Reading it later reads the disk.
   *
   * @param to behind the last byte
   */
  void forget(Path file, long from, long to);

  /**
   * The pages of a stretch that are not on the disk yet may be written now. Nobody waits for that here, and
   * whether it failed is told to the next flush.
   *
   * @param to behind the last byte
   */
  void writeOut(Path file, long from, long to);

  /**
   * Returns when the pages of the file that were being written are on the disk, and those that were not may
   * be written now. The file's metadata and the device's cache are left to its flush.
   *
   * @return false where that cannot be done: some may have been written or not
   * @throws IOException when the disk did not take some; before Linux 4.13, the next flush does not say so again
   */
  boolean writeOutInTurn(Path file) throws IOException;
}
