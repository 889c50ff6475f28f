package dev.weir.gateway.imports.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.terminal.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputTest {

  private static final byte[] TEXT = "time,n\n2026-01-01,1\n".repeat(20_000).getBytes(UTF_8);

  @TempDir
  Path folder;

  private static byte[] packed(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private Input file(String name, byte[] content) throws IOException {
    return Input.file(Files.write(folder.resolve(name), content));
  }

  @Test
  void gzipIsUnpackedWhateverTheFileIsCalled() throws IOException {
    assertArrayEquals(TEXT, file("a.csv", packed(TEXT)).open().stream().readAllBytes());
    assertArrayEquals(TEXT, file("b.gz", TEXT).open().stream().readAllBytes());
    Input standard = Input.standard(new ByteArrayInputStream(packed(TEXT)));
    assertArrayEquals(TEXT, standard.open().stream().readAllBytes());
  }

  @Test
  void aFileOfSeveralGzipMembersIsReadToItsEnd() throws IOException {
    byte[] half = packed("a\n".getBytes(UTF_8));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(half);
    both.writeBytes(half);
    assertEquals(
        "a\na\n",
        new String(file("a.gz", both.toByteArray()).open().stream().readAllBytes(), UTF_8));
  }

  @Test
  void readingGoesOnAnywhereInTheContent() throws IOException {
    for (Input input : new Input[] {file("a", TEXT), file("a.gz", packed(TEXT))}) {
      for (int offset : new int[] {0, 1, 2, 7, 100_000, TEXT.length}) {
        byte[] rest = input.openAt(offset).stream().readAllBytes();
        assertEquals(TEXT.length - offset, rest.length);
        assertArrayEquals(Arrays.copyOfRange(TEXT, offset, TEXT.length), rest);
      }
    }
  }

  @Test
  void theHeadCanBePutBack() throws IOException {
    Input.Content content = file("a", TEXT).open();
    byte[] head = content.head();
    assertArrayEquals(TEXT, content.after(head).readAllBytes());
    assertEquals(TEXT.length, content.stored().count());
  }

  @Test
  void aFingerprintIsOfTheContentHoweverItIsPacked() throws IOException {
    Fingerprint plain = Fingerprint.of(file("a", TEXT));
    assertEquals(TEXT.length, plain.bytes());
    assertEquals(plain, Fingerprint.of(file("b.gz", packed(TEXT))));
    byte[] changed = TEXT.clone();
    changed[TEXT.length - 2]++;
    assertNotEquals(plain.sha256(), Fingerprint.of(file("c", changed)).sha256());
    assertEquals(plain.sha256().substring(0, 32), plain.idPrefix());
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Fingerprint.ofText("abc"));
  }

  @Test
  void aPackedFileThatEndsEarlyFails() throws IOException {
    byte[] packed = packed(TEXT);
    Input cut = file("a.gz", Arrays.copyOf(packed, packed.length - 20));
    assertThrows(IOException.class, () -> Fingerprint.of(cut));
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertThrows(CommandFailure.class, () -> Input.file(folder.resolve("missing")));
    CommandFailure failure = assertThrows(CommandFailure.class, () -> Input.file(folder));
    assertTrue(failure.text().contains("'-' reads standard input"), failure.text());
  }
}
