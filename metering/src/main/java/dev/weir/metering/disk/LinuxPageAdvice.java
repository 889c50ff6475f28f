package dev.weir.metering.disk;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Given to Linux by the C library: {@code posix_fadvise(2)}, {@code sync_file_range(2)}. Cost: some tens of
 * microseconds a MiB, but for what waits for the disk; the first time a tenth of a second.
 */
public final class LinuxPageAdvice implements PageAdvice {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxPageAdvice.class);

  /** {@code POSIX_FADV_DONTNEED}, but on s390. */
  private static final int DONT_NEED = 4;

  /**
   * {@code SYNC_FILE_RANGE_WRITE} alone: waiting for the pages would, before Linux 4.13, take the word that
   * they could not be written from whoever flushes.
   */
  private static final int WRITE = 2;

  /** {@code SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE}: for who passes that word on. */
  private static final int WAIT_AND_WRITE = 1 | WRITE;

  /**
   * {@code EPERM}, {@code EINTR}, {@code EBADF}, {@code ENOMEM}, {@code EINVAL}, {@code ESPIPE}, {@code
   * ENOSYS}: of the call. Any other may be the disk's, or the file system's that has given pages up.
   */
  private static final Set<Integer> CALL_ERRORS = Set.of(1, 4, 9, 12, 22, 29, 38);

  private static final int NONE = 0;

  /** No error of the system has this number. */
  private static final int NOT_OPENED = -1;

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
      call(known, known.advise(), file, from, to - from, DONT_NEED);
    }
  }

  @Override
  public void writeOut(Path file, long from, long to) {
    Calls known = Calls.KNOWN;
    if (known != null) {
      call(known, known.writeOut(), file, from, to - from, WRITE);
    }
  }

  /** See {@link BackgroundIo.WriteOut#inTurn}. */
  boolean writeOutInTurn(Path file) throws IOException {
    Calls known = Calls.KNOWN;
    if (known == null) {
      return false;
    }
    // No length is up to the end.
    int error = call(known, known.writeOut(), file, 0, 0, WAIT_AND_WRITE);
    if (error == NONE || error == NOT_OPENED || CALL_ERRORS.contains(error)) {
      return error == NONE;
    }
    throw new IOException("%s: not written to the disk, error %d".formatted(file, error));
  }

  /** Both functions take the same: descriptor, place, length and what. Gives NONE, or what went wrong. */
  private static int call(
      Calls known, Function function, Path file, long from, long length, int what) {
    // A file that is gone needs no advice; one that cannot be opened is left to its flush.
    int descriptor = known.open().invokeInt(new Object[] {file.toString(), READ_ONLY});
    if (descriptor < 0) {
      return NOT_OPENED;
    }
    try {
      int result = function.invokeInt(new Object[] {descriptor, from, length, what});
      return result == -1 ? Native.getLastError() : result;
    } finally {
      known.close().invokeInt(new Object[] {descriptor});
    }
  }
}
