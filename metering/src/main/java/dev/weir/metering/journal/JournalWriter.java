package dev.weir.metering.journal;

import dev.weir.metering.Invariant;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to one lane and makes them durable. Confined to the lane's thread.
 *
 * <p>Cost: one copy into the mapped file and one {@code fdatasync} a frame.
 */
public final class JournalWriter implements EventLog {

  /** How far ahead of the write position disk blocks are allocated. */
  private static final int AHEAD_BYTES = 32 * 1024 * 1024;

  /** Largest frame: a lane's block takes 32 MiB, and what is allocated ahead must hold it. */
  public static final int FRAME_BYTES_MAX = 20 * 1024 * 1024;

  private final JournalLane lane;
  private final ExcerptAppender appender;
  private final Flusher flusher;
  private final long reserveBytes;

  private @Nullable File file;
  private @Nullable FileChannel channel;
  private long allocatedTo;
  private boolean broken;

  JournalWriter(JournalLane lane, Flusher flusher, long reserveBytes) {
    this.lane = lane;
    this.appender = lane.queue().createAppender();
    this.appender.singleThreadedCheckDisabled(true);
    this.flusher = flusher;
    this.reserveBytes = reserveBytes;
  }

  /** Whether there is room for a frame: disk blocks ahead, and the reserve beyond them. */
  @Override
  public boolean hasRoom() {
    try {
      if (Files.getFileStore(lane.directory()).getUsableSpace() < reserveBytes) {
        return false;
      }
      allocateAhead();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Appends a frame and returns when it is on stable storage. After an exception the writer is broken
   * for good: what the device holds is unknown, and a later flush that succeeds would prove nothing.
   */
  @Override
  public long append(byte[] frame, int length) throws IOException {
    Invariant.check(!broken, "a broken journal writer is not used again");
    Invariant.check(length <= FRAME_BYTES_MAX, "frame larger than what is allocated ahead");
    broken = true;
    long offset;
    try (DocumentContext document = appender.writingDocument()) {
      // Behind the document's header of four bytes.
      offset = document.wire().bytes().writePosition() - 4;
      document.wire().bytes().write(frame, 0, length);
    }
    flusher.flush(currentChannel());
    broken = false;
    return new FrameLocation(appender.cycle(), offset).packed();
  }

  private FileChannel currentChannel() throws IOException {
    File current = appender.currentFile();
    Invariant.check(current != null, "an appended frame has a file");
    FileChannel open = channel;
    if (open == null || !current.equals(file)) {
      if (open != null) {
        // The end mark that rolling wrote.
        flusher.flush(open);
        open.close();
      }
      open = FileChannel.open(current.toPath(), StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = open;
      file = current;
      allocatedTo = 0;
      lane.writingTo(appender.cycle());
      syncDirectory(lane.directory());
    }
    return open;
  }

  /** A new file is durable only when its directory entry is. */
  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  /**
   * Writes zeros ahead of the write position, where nobody has written yet, so that the blocks exist
   * before the mapped write needs them. The file of a new cycle is met after its first frame.
   */
  private void allocateAhead() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      return;
    }
    long position = appender.wire().bytes().writePosition();
    if (allocatedTo - position > AHEAD_BYTES / 2) {
      return;
    }
    // One page after the end stays untouched: Chronicle may have written a header there.
    long from = Math.max(allocatedTo, (position + 8_191) & ~4_095L);
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    for (long at = from; at < position + AHEAD_BYTES; at += zeros.capacity()) {
      zeros.clear();
      long to = at;
      while (zeros.hasRemaining()) {
        to += open.write(zeros, to);
      }
      allocatedTo = to;
    }
  }

  @Override
  public void close() throws IOException {
    appender.close();
    if (channel != null) {
      channel.close();
    }
  }
}
