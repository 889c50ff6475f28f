package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes durable what was appended to a lane, from one cycle's file to the next. After an exception it
 * must not be used again: what the device holds is unknown.
 */
final class LaneFlush implements AutoCloseable {

  private final Path directory;
  private final Flusher flusher;
  private final IntConsumer onFile;

  private @Nullable Path file;
  private @Nullable FileChannel channel;

  /**
   * @param onFile told of the cycle of each new file, before what was written there is flushed
   */
  LaneFlush(Path directory, Flusher flusher, IntConsumer onFile) {
    this.directory = directory;
    this.flusher = flusher;
    this.onFile = onFile;
  }

  /**
   * Must be called before a frame is written. Goes on to another file when it is one, and makes durable
   * what stands in it before its first frame, so that a frame is never found behind a head that is not
   * whole but by corruption.
   */
  void begin(Path current, int cycle) throws IOException {
    FileChannel before = channel;
    if (before != null && current.equals(file)) {
      return;
    }
    if (before != null) {
      // The end mark that rolling wrote.
      flusher.flush(before);
      before.close();
    }
    channel = FileChannel.open(current, StandardOpenOption.READ, StandardOpenOption.WRITE);
    file = current;
    onFile.accept(cycle);
    Directories.sync(directory);
    flush();
  }

  /** Writes at a place of the file that was begun; gives how many bytes. */
  int write(ByteBuffer bytes, long at) throws IOException {
    return begun().write(bytes, at);
  }

  /** Returns when everything in the file is on stable storage. */
  void flush() throws IOException {
    flusher.flush(begun());
  }

  /** The file that was begun. */
  FileChannel begun() {
    FileChannel open = channel;
    if (open == null) {
      throw new IllegalStateException("nothing was begun");
    }
    return open;
  }

  /** The file that is written; null before the first frame. */
  @Nullable
  FileChannel channel() {
    return channel;
  }

  /** Where that file is; null before the first frame. */
  @Nullable
  Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
