package dev.weir.metering.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** One at a time archives or deletes in a journal: the Weir that has it open, or a command. */
final class UpkeepLock implements AutoCloseable {

  private final FileChannel channel;

  private UpkeepLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock of a journal; empty when somebody has it. */
  static Optional<UpkeepLock> take(Path journal) throws IOException {
    FileChannel channel = FileChannel.open(
        journal.resolve("upkeep.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new UpkeepLock(channel));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
