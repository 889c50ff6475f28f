package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No start repairs the files of earlier hours: what is damaged there is refused where it is read. */
class OlderCycleDamageTest {

  private static final int FIRST_FRAME = 65_808;

  @TempDir
  Path directory;

  private JournalFixture journal;
  private Path older;
  private final List<Integer> frames = new ArrayList<>();
  private int reads;

  /** Three frames in the first hour, with sequences 1, 2 to 3 and 4; one in the next, with 5. */
  @BeforeEach
  void writeTwoHours() throws IOException {
    journal = new JournalFixture(directory);
    older = journal.file(journal.cycle());
    journal.write(1, 2, 1).later(Duration.ofHours(1)).write(1);
    for (int at = FIRST_FRAME; value(at) != 0 && frames.size() < 3; ) {
      frames.add(at);
      at = (at + 4 + value(at) + 3) & ~3;
    }
    assertEquals(3, frames.size());
  }

  private int value(int at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(older.toFile(), "r")) {
      bytes.seek(at);
      return Integer.reverseBytes(bytes.readInt());
    }
  }

  private void flip(int at, int bit) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(older.toFile(), "rw")) {
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ 1 << bit);
    }
  }

  /** Reads all that there is, noting the sequences as they come; now and then after a start. */
  private void read(List<Long> sequences) throws IOException {
    if (reads++ % 100 == 0) {
      journal.open().close();
    }
    try (JournalReader reader = new JournalReader(0, journal.files(), journal::cycle)) {
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        frame.forEach(event -> sequences.add(event.sequence()));
      }
    }
  }

  @Test
  void everyFlippedBitOfAFrameInTheMiddleIsRefusedNamingFileAndOffset() throws IOException {
    int from = frames.get(1);
    int frameBytes = value(from);
    for (int at = from + 4; at < from + 4 + frameBytes; at++) {
      for (int bit = at % 8; bit < 8; bit += 3) {
        flip(at, bit);
        List<Long> sequences = new ArrayList<>();
        JournalCorrupt corrupt =
            assertThrows(JournalCorrupt.class, () -> read(sequences), "byte " + (at - from));
        String message = corrupt.getMessage();
        assertTrue(message.contains("offset %d of %s".formatted(from, older)), message);
        assertTrue(message.endsWith("(after sequence 1)"), message);
        assertEquals(List.of(1L), sequences);
        flip(at, bit);
      }
    }
    List<Long> sequences = new ArrayList<>();
    read(sequences);
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), sequences);
  }

  @Test
  void noFlippedBitOfADocumentHeaderSkipsAFrame() throws IOException {
    for (int frame : frames) {
      for (int at = frame; at < frame + 4; at++) {
        for (int bit = 0; bit < 8; bit++) {
          flip(at, bit);
          List<Long> sequences = new ArrayList<>();
          try {
            read(sequences);
            // A length that differs only by its padding leads to the same frames.
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L), sequences, "offset " + at);
          } catch (JournalCorrupt e) {
            assertTrue(e.getMessage().contains("journal lane 0, cycle "), e.getMessage());
            assertEquals(List.of(1L, 2L, 3L, 4L).subList(0, sequences.size()), sequences);
          }
          flip(at, bit);
        }
      }
    }
  }

  @Test
  void aCycleThatWasRemovedByHandIsRefusedWhereItIsMissing() throws IOException {
    journal.later(Duration.ofHours(1)).write(1);
    Files.delete(journal.file(journal.cycle() - 1));

    List<Long> sequences = new ArrayList<>();
    JournalCorrupt corrupt = assertThrows(JournalCorrupt.class, () -> read(sequences));

    assertEquals(List.of(1L, 2L, 3L, 4L), sequences);
    assertTrue(
        corrupt.getMessage().contains("begins at sequence 6, expected 5"), corrupt.getMessage());
  }
}
