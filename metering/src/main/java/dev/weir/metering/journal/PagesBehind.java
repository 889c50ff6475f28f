package dev.weir.metering.journal;

import dev.weir.metering.disk.PageAdvice;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a lane's file takes far behind the write position, given back while it is written. The
 * zeros ahead then take the same pages again, which is cheaper than others that the system, or the host of
 * a virtual machine, must find first; and a journal that nobody reads pushes nobody else's files out of
 * memory. Who reads what lies further back reads the disk.
 *
 * <p>Confined to one thread.
 */
final class PagesBehind {

  /**
   * What stays: seconds of the fastest ingest, which aggregation, the event index and who looks at the
   * latest events read.
   */
  static final int KEPT_BYTES = 256 * 1024 * 1024;

  /** Not worth a call for less. */
  private static final int STEP_BYTES = 1024 * 1024;

  private final PageAdvice advice;
  private final int keptBytes;

  private @Nullable Path file;
  private long forgottenTo;

  PagesBehind(PageAdvice advice, int keptBytes) {
    this.advice = advice;
    this.keptBytes = keptBytes;
  }

  /** Must be told how far a file is written; of one that was left for another, what stayed stays. */
  void written(Path current, long to) {
    if (!current.equals(file)) {
      file = current;
      forgottenTo = 0;
    }
    // Of a page, or several that the system keeps as one, a part is not let go of.
    long until = (to - keptBytes) / STEP_BYTES * STEP_BYTES;
    if (until > forgottenTo) {
      long from = forgottenTo;
      forgottenTo = until;
      advice.forget(current, from, until);
    }
  }
}
