package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Small bodies that would become large ones, against a server with 512 MiB of heap. */
final class GzipBombEndToEndIT {

  private static final int MIB = 1 << 20;
  private static final int BOMBS = 160;
  private static final int SENDERS = 8;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  private WeirProcess weir;
  private Http admin;

  @BeforeEach
  void start() {
    weir = WeirProcess.start(temporary.resolve("data"), Map.of());
    admin = Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
  }

  @AfterEach
  void end() {
    if (weir.isAlive()) {
      weir.kill();
    }
  }

  /** Spaces around an event, compressed a thousandfold. */
  private static byte[] bomb(int mebibytes) {
    byte[] spaces = new byte[MIB];
    Arrays.fill(spaces, (byte) ' ');
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < mebibytes; i++) {
        out.write(spaces);
      }
      out.write('1');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  @Test
  void bombsAreRefusedWithBoundedMemory() throws Exception {
    byte[] gibibyte = bomb(1_024);
    assertTrue(gibibyte.length < 1_024 * MIB / 1_000, "a thousandfold");
    byte[] nested = Bodies.gzip(gibibyte);
    byte[] members = new byte[bomb(7).length * 100];
    for (int i = 0; i < members.length; i += members.length / 100) {
      System.arraycopy(bomb(7), 0, members, i, members.length / 100);
    }
    explode(gibibyte, nested, members, SENDERS);
    long before = heapAfterCollection();

    explode(gibibyte, nested, members, BOMBS);

    long grown = heapAfterCollection() - before;
    assertTrue(grown < 48L * MIB, "the heap grew by " + grown);
    String event = """
        {"id":"1","source":"s","type":"t","subject":"u"}""";
    admin.events(event).require(200);
    assertEquals(0, weir.stop());
  }

  /** All at once: were they unpacked, each alone would be twice the heap. */
  private void explode(byte[] gibibyte, byte[] nested, byte[] members, int count) throws Exception {
    List<Supplier<Answer>> kinds = List.of(
        () -> sendBomb("gzip", gibibyte, 413, "BODY_TOO_LARGE"),
        () -> sendBomb("gzip", members, 413, "BODY_TOO_LARGE"),
        // Unpacked once it is small, and no JSON.
        () -> sendBomb("gzip", nested, 400, "JSON_MALFORMED"),
        () -> sendBomb("gzip, gzip", nested, 415, "CONTENT_ENCODING_UNSUPPORTED"));
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        answers.add(senders.submit(kinds.get(i % kinds.size())::get));
      }
      for (Future<Answer> answer : answers) {
        answer.get(2, TimeUnit.MINUTES);
      }
    } finally {
      senders.shutdownNow();
    }
  }

  private Answer sendBomb(String encoding, byte[] body, int status, String code) {
    Answer answer = admin
        .with("Content-Type", "application/json")
        .with("Content-Encoding", encoding)
        .events(body);
    new Problem(status, code, status == 415 ? "Content-Encoding" : "").check(answer);
    return answer;
  }

  /** Bytes of the server's heap that are in use, garbage not counted. */
  private long heapAfterCollection() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process collection = new ProcessBuilder(jcmd.toString(), Long.toString(weir.pid()), "GC.run")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    assertTrue(collection.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, collection.exitValue());
    return admin
        .get("/metrics")
        .require(200)
        .text()
        .lines()
        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
        .mapToLong(line ->
            new java.math.BigDecimal(line.substring(line.lastIndexOf(' ') + 1)).longValueExact())
        .sum();
  }
}
