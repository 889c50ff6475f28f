package dev.weir.metering.journal;

import dev.weir.metering.Invariant;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to one lane and makes them durable. Confined to the lane's thread.
 *
 * <p>Cost: one {@code pwrite} into the file and one {@code fdatasync} a frame.
 */
public final class JournalWriter implements EventLog {

  /** Largest frame: a lane's block takes 32 MiB, and what is allocated ahead must hold it. */
  public static final int FRAME_BYTES_MAX = 20 * 1024 * 1024;

  private final JournalLane lane;
  private final ExcerptAppender appender;
  private final LaneFlush flush;
  private final RoomAhead roomAhead;
  private final long reserveBytes;

  private @Nullable FileStore store;
  private boolean broken;

  JournalWriter(JournalLane lane, Flusher flusher, long reserveBytes) {
    this.lane = lane;
    this.appender = lane.queue().createAppender();
    this.appender.singleThreadedCheckDisabled(true);
    this.flush = new LaneFlush(lane.directory(), flusher, lane::writingTo);
    this.roomAhead = new RoomAhead(lane.number());
    this.reserveBytes = reserveBytes;
  }

  /** Whether there is room for a frame: disk blocks ahead, and the reserve beyond them. */
  @Override
  public boolean hasRoom() {
    try {
      if (store().getUsableSpace() < reserveBytes) {
        return false;
      }
      FileChannel open = flush.channel();
      Path path = flush.file();
      if (open != null && path != null) {
        // The file of a new cycle is met after its first frame.
        roomAhead.ensure(open, path, appender.wire().bytes().writePosition());
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Found once: looking it up reads the list of all mounts, which takes longer than a small flush. */
  private FileStore store() throws IOException {
    FileStore known = store;
    if (known == null) {
      known = Files.getFileStore(lane.directory());
      store = known;
    }
    return known;
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
      Bytes<?> bytes = document.wire().bytes();
      // Behind the document's header of four bytes.
      offset = bytes.writePosition() - 4;
      beginFile(document);
      write(document, frame, length);
      bytes.writeSkip(length);
    }
    flush.flush();
    broken = false;
    roomAhead.flushed(appender.wire().bytes().writePosition());
    return new FrameLocation(appender.cycle(), offset).packed();
  }

  /**
   * Writes the frame into the file beside its mapping, which shows the same pages: of pages written
   * through the mapping each would cost a fault now, and the flush a purge of every processor's
   * translations. The document's header, by which readers know that the frame is whole, follows when
   * the document is closed.
   */
  private void write(DocumentContext document, byte[] frame, int length) throws IOException {
    try {
      ByteBuffer left = ByteBuffer.wrap(frame, 0, length);
      long at = document.wire().bytes().writePosition();
      roomAhead.writing(flush.begun(), at, length);
      while (left.hasRemaining()) {
        at += flush.write(left, at);
      }
    } catch (Throwable e) {
      document.rollbackOnClose();
      throw e;
    }
  }

  private void beginFile(DocumentContext document) throws IOException {
    try {
      File file = appender.currentFile();
      Invariant.check(file != null, "a document has a file");
      flush.begin(file.toPath(), appender.cycle());
    } catch (Throwable e) {
      document.rollbackOnClose();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    roomAhead.close();
    appender.close();
    flush.close();
  }
}
