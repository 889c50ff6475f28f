package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.metering.disk.LinuxPageAdvice;
import dev.weir.metering.disk.PageAdvice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomAheadTest {

  private static final int MIB = 1024 * 1024;
  private static final int FRAMES = 60;
  private static final int AHEAD_MAX = 40 * MIB;

  @TempDir
  Path directory;

  private FileChannel create(String name) throws IOException {
    return FileChannel.open(
        directory.resolve(name),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.CREATE_NEW);
  }

  private static void write(FileChannel file, byte[] frame, long at) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    long to = at;
    while (bytes.hasRemaining()) {
      to += file.write(bytes, to);
    }
  }

  /** Does what it is given when told. */
  private static final class Held extends AbstractExecutorService {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean ended;

    void run() {
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void shutdown() {
      ended = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException("it ends by itself");
    }

    @Override
    public boolean isShutdown() {
      return ended;
    }

    @Override
    public boolean isTerminated() {
      return ended && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      run();
      return ended;
    }
  }

  private static byte[] frame(Random random) {
    // Mostly small, now and then larger than what is allocated at once.
    byte[] frame = new byte[1 + random.nextInt(random.nextInt(8) == 0 ? 6 * MIB : 400_000)];
    Arrays.fill(frame, (byte) (1 + random.nextInt(255)));
    return frame;
  }

  /** One lane's files; what was written into them is looked at in the end. */
  private void assertFramesStay(RoomAhead room, Random random, Runnable now) throws IOException {
    byte[][] expected = new byte[3][];
    for (int cycle = 0; cycle < expected.length; cycle++) {
      byte[] wanted = new byte[0];
      long at = random.nextInt(100_000);
      // As when an hour ends: another file, while the thread may be at work on this one.
      try (FileChannel file = create("cycle-" + cycle)) {
        for (int i = 0; i < FRAMES; i++) {
          if (i > 0 && random.nextInt(6) == 0) {
            room.ensure(file, directory.resolve("cycle-" + cycle), at);
            assertTrue(file.size() >= at + JournalWriter.FRAME_BYTES_MAX, "room was ensured");
          }
          byte[] frame = frame(random);
          room.writing(file, at, frame.length);
          write(file, frame, at);
          int end = Math.toIntExact(at) + frame.length;
          wanted = Arrays.copyOf(wanted, Math.max(wanted.length, end));
          System.arraycopy(frame, 0, wanted, Math.toIntExact(at), frame.length);
          at += frame.length + random.nextInt(100);
          if (random.nextInt(3) > 0) {
            room.flushed(at);
          }
          if (random.nextInt(6) == 0) {
            now.run();
            assertTrue(file.size() <= at + AHEAD_MAX, "no more than is needed");
          }
        }
      }
      expected[cycle] = wanted;
    }
    for (int cycle = 0; cycle < expected.length; cycle++) {
      Path file = directory.resolve("cycle-" + cycle);
      byte[] found = Files.readAllBytes(file);
      byte[] wanted = Arrays.copyOf(expected[cycle], found.length);
      assertEquals(-1, Arrays.mismatch(wanted, found), file.toString());
      Files.delete(file);
    }
  }

  @Test
  void neverWritesWhereFramesAreHoweverLate() throws Exception {
    for (long seed = 0; seed < 5; seed++) {
      Held held = new Held();
      try (RoomAhead room = new RoomAhead(held, new LinuxPageAdvice(), MIB)) {
        assertFramesStay(room, new Random(seed), held::run);
      }
      assertTrue(held.isShutdown());
    }
  }

  @Test
  void neverWritesWhereFramesAreMeanwhile() throws Exception {
    try (RoomAhead room = new RoomAhead(0)) {
      assertFramesStay(room, new Random(7), () -> {});
    }
  }

  @Test
  void leavesNoHoleBehindTheFirstFrame() throws Exception {
    byte[] junk = new byte[JournalWriter.FRAME_BYTES_MAX];
    Arrays.fill(junk, (byte) 0x55);
    byte[] frame = new byte[10_000];
    try (FileChannel file = create("cycle");
        RoomAhead room = new RoomAhead(new Held(), new LinuxPageAdvice(), MIB)) {
      write(file, junk, 0);
      room.writing(file, 0, frame.length);
      write(file, frame, 0);
      room.ensure(file, directory.resolve("cycle"), frame.length);
    }
    byte[] found = Files.readAllBytes(directory.resolve("cycle"));
    int from = frame.length + 2 * 4_096;
    assertEquals(-1, Arrays.mismatch(new byte[found.length - from], tail(found, from)));
    assertEquals(0x55, found[frame.length], "what follows the end may be a header");
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  @Test
  void saysWhenThereIsNoRoom() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "this system has no device that is always full");
    try (FileChannel file = FileChannel.open(full, StandardOpenOption.WRITE);
        FileChannel other = create("other");
        RoomAhead room = new RoomAhead(0)) {
      assertThrows(IOException.class, () -> room.ensure(file, full, 0));
      assertThrows(IOException.class, () -> room.ensure(file, full, 100));
      room.ensure(other, directory.resolve("other"), 0);
      assertTrue(other.size() >= JournalWriter.FRAME_BYTES_MAX);
    }
  }

  @Test
  void aDiskThatFillsBehindTheLaneIsMetWhenItsRoomIsUsed() throws Exception {
    Held held = new Held();
    FileChannel file = create("cycle");
    Path path = directory.resolve("cycle");
    try (RoomAhead room = new RoomAhead(held, new LinuxPageAdvice(), MIB)) {
      room.ensure(file, path, 0);
      room.flushed(1);
      // Stands for all that can fail while the thread writes.
      file.close();
      held.run();
      room.ensure(file, path, MIB);
      room.flushed(MIB);
      held.run();
      assertThrows(IOException.class, () -> room.ensure(file, path, 10L * MIB));
    }
  }

  /** Remembers what the system was told. */
  private static final class Told implements PageAdvice {

    private final List<String> forgotten = new ArrayList<>();
    private final BitSet writtenOut = new BitSet();

    @Override
    public void forget(Path file, long from, long to) {
      forgotten.add(file.getFileName() + " " + from / MIB + " to " + to / MIB);
    }

    @Override
    public void writeOut(Path file, long from, long to) {
      assertTrue(to - from <= MIB / 4 + 8_192, "no more at once than a flush may wait for");
      writtenOut.set(Math.toIntExact(from / 4_096), Math.toIntExact(to / 4_096));
    }
  }

  @Test
  void zerosWrittenBehindTheLaneAreNotLeftToItsFlush() throws Exception {
    Held held = new Held();
    Told told = new Told();
    Path path = directory.resolve("cycle");
    try (FileChannel file = create("cycle");
        RoomAhead room = new RoomAhead(held, told, 256 * MIB)) {
      room.ensure(file, path, 0);
      int byTheLane = Math.toIntExact(file.size() / 4_096);
      assertTrue(held.tasks.isEmpty(), "a flush comes next: the device is left to it");
      room.flushed(1);
      assertEquals(1, held.tasks.size());
      assertTrue(told.writtenOut.isEmpty(), "the lane tells nothing");
      held.run();
      int end = Math.toIntExact(file.size() / 4_096);
      assertTrue(end > byTheLane, "the thread wrote some");
      assertEquals(end, told.writtenOut.nextClearBit(byTheLane));
      assertEquals(end - byTheLane, told.writtenOut.cardinality());
    }
  }

  @Test
  void whatLiesFarBehindIsForgottenAsTheLaneGoesOn() throws Exception {
    Held held = new Held();
    Told told = new Told();
    try (FileChannel first = create("first");
        FileChannel second = create("second");
        RoomAhead room = new RoomAhead(held, told, 8 * MIB)) {
      for (long at = 0; at <= 20L * MIB; at += MIB) {
        room.ensure(first, directory.resolve("first"), at);
        room.flushed(at);
        held.run();
      }
      room.ensure(second, directory.resolve("second"), 100);
      room.ensure(second, directory.resolve("second"), 12L * MIB);
      room.flushed(12L * MIB + 1);
      held.run();
    }
    List<String> expected = new ArrayList<>();
    for (int mebibyte = 0; mebibyte < 12; mebibyte++) {
      expected.add("first " + mebibyte + " to " + (mebibyte + 1));
    }
    expected.add("second 0 to 4");
    assertEquals(expected, told.forgotten);
  }
}
