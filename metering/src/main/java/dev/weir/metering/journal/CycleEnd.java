package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Gives a cycle that nobody writes to any more its final form. */
public final class CycleEnd {

  private CycleEnd() {}

  /**
   * Sets the end mark if it is missing, as when the process was killed in that hour, cuts off the zeros
   * that were allocated ahead, and forces the file. Can be repeated.
   *
   * @param result of an inspection that found no fault
   * @return the length of the file
   */
  public static long settle(Path file, CycleInspection.Result result) throws IOException {
    long end = result.facts().bytes();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!result.ended() && end > 0) {
        ByteBuffer mark = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        mark.putInt(CycleDocuments.END_OF_FILE).putInt(CycleDocuments.END_TEXT).flip();
        while (mark.hasRemaining()) {
          end += channel.write(mark, end);
        }
      }
      // Chronicle extends a file that it opens, with a hole.
      if (channel.size() > end) {
        channel.truncate(end);
      }
      channel.force(true);
    }
    return end;
  }
}
