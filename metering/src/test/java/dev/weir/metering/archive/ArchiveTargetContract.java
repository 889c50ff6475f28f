package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every archive does; each kind of target runs this. */
abstract class ArchiveTargetContract {

  private static final int LARGE_BYTES = (13 << 20) + 7;

  @TempDir
  Path directory;

  private ArchiveTarget target;

  abstract ArchiveTarget open() throws IOException;

  @BeforeEach
  void openTarget() throws IOException {
    target = open();
  }

  @AfterEach
  void closeTarget() {
    target.close();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(directory, "source", ""), bytes);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  private byte[] read(String name) throws IOException {
    try (InputStream stream = target.open(name)) {
      return stream.readAllBytes();
    }
  }

  private void put(String name, byte[] bytes) throws IOException {
    target.put(name, file(bytes), bytes.length);
  }

  @Test
  void givesBackWhatWasStored() throws IOException {
    for (int length : new int[] {0, 1, 70_000, LARGE_BYTES}) {
      String name = "lane-0/cycle-" + length + ".cq4";

      put(name, bytes(length));

      assertArrayEquals(bytes(length), read(name), () -> length + " bytes");
      assertEquals(Optional.of((long) length), target.length(name));
    }
  }

  @Test
  void storesOnlyTheBeginningThatWasAskedFor() throws IOException {
    byte[] bytes = bytes(1_000);

    target.put("lane-0/a.cq4", file(bytes), 300);

    assertArrayEquals(java.util.Arrays.copyOf(bytes, 300), read("lane-0/a.cq4"));
  }

  @Test
  void aSecondPutTakesThePlaceOfTheFirst() throws IOException {
    put("a", bytes(LARGE_BYTES));
    put("a", bytes(12));
    put("a", bytes(LARGE_BYTES - 1));

    assertArrayEquals(bytes(LARGE_BYTES - 1), read("a"));
    assertEquals(List.of("a"), target.names(""));
  }

  @Test
  void aFileThatEndsTooEarlyLeavesWhatWasThere() throws IOException {
    put("a", bytes(10));

    assertThrows(IOException.class, () -> target.put("a", file(bytes(99)), 100));
    assertThrows(IOException.class, () -> target.put("b", file(bytes(99)), 100));
    assertThrows(
        IOException.class, () -> target.put("c", directory.resolve("there-is-no-such-file"), 1));

    assertArrayEquals(bytes(10), read("a"));
    assertEquals(List.of("a"), target.names(""));
  }

  @Test
  void whatIsNotThereIsSaidSo() throws IOException {
    assertEquals(Optional.empty(), target.length("lane-0/none.cq4"));
    assertThrows(NoSuchFileException.class, () -> read("lane-0/none.cq4"));
    assertEquals(List.of(), target.names("lane-0/"));
  }

  @Test
  void deletesAndDoesNotMindThatItIsGone() throws IOException {
    put("lane-0/a.cq4", bytes(5));

    target.delete("lane-0/a.cq4");
    target.delete("lane-0/a.cq4");

    assertEquals(Optional.empty(), target.length("lane-0/a.cq4"));
    assertEquals(List.of(), target.names(""));
  }

  @Test
  void listsNamesInOrderByTheirBeginning() throws IOException {
    for (String name : List.of("lane-1/b", "lane-0/c", "lane-10/a", "lane-1/a", "other")) {
      put(name, bytes(3));
    }

    assertEquals(List.of("lane-1/a", "lane-1/b"), target.names("lane-1/"));
    assertEquals(
        List.of("lane-0/c", "lane-1/a", "lane-1/b", "lane-10/a", "other"), target.names(""));
    assertEquals(List.of(), target.names("none"));
  }

  @Test
  void listsMoreNamesThanAPageOfS3Holds() throws IOException {
    Path one = file(bytes(1));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1_003; i++) {
      String name = String.format(Locale.ROOT, "many/%05d", i);
      target.put(name, one, 1);
      expected.add(name);
    }

    assertEquals(expected, target.names("many/"));
  }

  @Test
  void refusesNamesThatCouldLeadElsewhere() throws IOException {
    Path one = file(bytes(1));
    for (String name : List.of(
        "",
        "/a",
        "a/",
        "a//b",
        "..",
        "../a",
        "a/../b",
        ".hidden",
        "a/.b",
        "a\\b",
        "a b",
        "ä",
        "a\n",
        "x".repeat(513))) {
      assertThrows(IllegalArgumentException.class, () -> target.put(name, one, 1), name);
      assertThrows(IllegalArgumentException.class, () -> target.open(name), name);
      assertThrows(IllegalArgumentException.class, () -> target.length(name), name);
      assertThrows(IllegalArgumentException.class, () -> target.delete(name), name);
    }
  }

  @Test
  void anotherTargetOfTheSamePlaceSeesTheSame() throws IOException {
    put("lane-0/a.cq4", bytes(17));

    try (ArchiveTarget other = open()) {
      assertEquals(List.of("lane-0/a.cq4"), other.names(""));
      assertEquals(Optional.of(17L), other.length("lane-0/a.cq4"));
      assertEquals(target.place(), other.place());
    }
  }
}
