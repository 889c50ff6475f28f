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
 * Given to Linux by the C library: {@code posix_fadvise(2)}, {@code sync_file_range(2)}. Cost: some tens of
 * microseconds a MiB; the first time a tenth of a second.
 */
final class LinuxPageAdvice implements PageAdvice {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxPageAdvice.class);

  /** {@code POSIX_FADV_DONTNEED}, but on s390. */
  private static final int DONT_NEED = 4;

  /**
   * {@code SYNC_FILE_RANGE_WRITE} alone: waiting for the pages would, before Linux 4.13, take the word that
   * they could not be written from whoever flushes.
   */
  private static final int WRITE = 2;

  /** {@code O_RDONLY | O_CLOEXEC}. */
  private static final int READ_ONLY = 0x80000;

  /** The C library's functions, looked for when first needed. */
  private record Calls(Function open, Function advise, Function writeOut, Function close) {

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
            c.getFunction("open"),
            c.getFunction("posix_fadvise"),
            c.getFunction("sync_file_range"),
            c.getFunction("close"));
      } catch (Error e) {
        // JNA says by a plain error that a library of another release was found.
        LOG.info(
            "the C library cannot be called: the system keeps files in memory as it sees fit", e);
        return null;
      }
    }
  }

  @Override
  public void forget(Path file, long from, long to) {
    Calls known = Calls.KNOWN;
    if (known != null) {
      call(known, known.advise(), file, from, to, DONT_NEED);
    }
  }

  @Override
  public void writeOut(Path file, long from, long to) {
    Calls known = Calls.KNOWN;
    if (known != null) {
      call(known, known.writeOut(), file, from, to, WRITE);
    }
  }

  /** Both functions take the same: descriptor, place, length and what. */
  private static void call(
      Calls known, Function function, Path file, long from, long to, int what) {
    // A file that is gone, or cannot be opened, needs no advice.
    int descriptor = known.open().invokeInt(new Object[] {file.toString(), READ_ONLY});
    if (descriptor >= 0) {
      try {
        function.invokeInt(new Object[] {descriptor, from, to - from, what});
      } finally {
        known.close().invokeInt(new Object[] {descriptor});
      }
    }
  }
}
