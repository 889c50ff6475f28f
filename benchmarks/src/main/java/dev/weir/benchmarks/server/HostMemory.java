package dev.weir.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The free memory of a virtual machine, which its host takes back (the balloon driver reports free pages)
 * and gives again page by page as they are touched. Here the first touch of a page took 5 to 6 µs and any
 * later one 1 µs, so a fresh server pays a third of a microsecond an event while its files fill the page
 * cache for the first time, and one that has run for minutes does not. But where the host takes back what
 * is cold, it takes this back too within the next minute or two, and the processor time for that is missed by
 * what is measured: look at both.
 */
final class HostMemory {

  private static final Pattern FREE = Pattern.compile("MemFree:\\s*([0-9]+) kB");
  private static final Path LINUX = Path.of("/proc/meminfo");

  /** What is left alone, so that nobody else has to wait for memory to be given back. */
  private static final long KEPT_BYTES = 256L << 20;

  private static final int AT_ONCE_BYTES = 1 << 20;

  private HostMemory() {}

  /**
   * Touches what is free: a file of that many bytes, none of which is on the disk, is read into the page
   * cache, from where the kernel takes pages for whoever needs them. The file stays, as deleting it would
   * make them free again. Takes about 1.5 s a GiB that the host has to give; nothing where it is not known
   * what is free.
   *
   * @param directory goes with the file when what is measured there is over
   */
  static void touch(Path directory) {
    long bytes = freeBytes(LINUX) - KEPT_BYTES;
    if (bytes > 0) {
      touch(directory.resolve("memory"), bytes);
    }
  }

  /** Zero where there is no such file, or nothing in it. */
  static long freeBytes(Path meminfo) {
    try {
      Matcher free = FREE.matcher(Files.readString(meminfo));
      return free.find() ? Long.parseLong(free.group(1)) << 10 : 0;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the file with its last byte only, and reads all of it; gives how many bytes that were. */
  static long touch(Path path, long bytes) {
    try (FileChannel file = FileChannel.open(
        path,
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.SPARSE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), bytes - 1);
      ByteBuffer read = ByteBuffer.allocateDirect(AT_ONCE_BYTES);
      long all = 0;
      for (int count = 0; count >= 0; count = file.read(read.clear())) {
        all += count;
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
