package dev.weir.metering.disk;

import java.nio.file.Path;

/**
 * What the operating system is told about its copies of a file's pages. Advice: it changes no content and
 * no promise of a flush, and where it cannot be given nothing is done. Thread-safe.
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
}
