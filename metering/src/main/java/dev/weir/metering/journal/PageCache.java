package dev.weir.metering.journal;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's copies of files in memory. What is asked of it here is advice and changes no
 * content: where it cannot be given, as on another system than Linux, nothing is done.
 */
final class PageCache {

  private static final Logger LOG = LoggerFactory.getLogger(PageCache.class);

  /** {@code POSIX_FADV_DONTNEED} of Linux but on s390, {@code posix_fadvise(2)}. */
  private static final int DONT_NEED = 4;

  /** {@code O_RDONLY | O_CLOEXEC}. */
  private static final int READ_ONLY = 0x80000;

  private PageCache() {}

  /** The C library's functions; looked for when first needed, which takes a tenth of a second. */
  private record Calls(Function open, Function advise, Function close) {

    static final @Nullable Calls KNOWN = find();

    private static @Nullable Calls find() {
      try {
        // Elsewhere the numbers above, or the width of an offset, are others.
        if (!Platform.isLinux()
            || Native.LONG_SIZE != Long.BYTES
            || Platform.ARCH.startsWith("s390")) {
          return null;
        }
        NativeLibrary c = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
        return new Calls(
            c.getFunction("open"), c.getFunction("posix_fadvise"), c.getFunction("close"));
      } catch (LinkageError e) {
        LOG.info(
            "the C library cannot be called: the system keeps files in memory as it sees fit", e);
        return null;
      }
    }
  }

  /**
   * Lets go of the copies of a stretch of a file, but of pages that are mapped or not written to the disk
   * yet. Reading it later reads the disk. Cost: some tens of microseconds a MiB.
   *
   * @param to behind the last byte
   */
  static void forget(Path file, long from, long to) {
    Calls known = Calls.KNOWN;
    if (known == null) {
      return;
    }
    // A file that is gone, or cannot be opened, has nothing to let go of.
    int descriptor = known.open().invokeInt(new Object[] {file.toString(), READ_ONLY});
    if (descriptor >= 0) {
      known.advise().invokeInt(new Object[] {descriptor, from, to - from, DONT_NEED});
      known.close().invokeInt(new Object[] {descriptor});
    }
  }
}
