package dev.weir.gateway.imports.resume;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file that says that something is in use. It ends with the process, however that ends, and is
 * deleted when given back.
 */
final class FileLease implements Closeable {

  private static final AtomicLong TAKEN = new AtomicLong();
  private static final int TRIES_MAX = 100;

  private final Path path;
  private final FileChannel channel;

  private FileLease(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Takes it; null if somebody else has it. */
  static @Nullable FileLease take(Path path) throws IOException {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        return null;
      }
      if (isStillThere(path, channel)) {
        return new FileLease(path, channel);
      }
      channel.close();
    }
    return null;
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** The one who had it may have deleted the file after it was opened here: then it locks nothing. */
  private static boolean isStillThere(Path path, FileChannel channel) throws IOException {
    String mark = ProcessHandle.current().pid() + "-" + TAKEN.incrementAndGet();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8)), 0);
    try {
      return Files.readString(path).equals(mark);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    channel.close();
  }
}
