package dev.weir.gateway.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.imports.reading.ImportJson;
import dev.weir.gateway.imports.reading.ImportPlan;
import dev.weir.gateway.imports.reading.Planner;
import dev.weir.gateway.imports.reading.Rows;
import dev.weir.gateway.imports.resume.Checkpoint;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.UnusableRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wherever reading stops between two rows, it goes on with the same rows, ids and line numbers. */
class ResumePropertyTest {

  private static final long SEED = Long.getLong("weir.property.seed", System.nanoTime());
  private static final int FILES = 400;
  private static final String[] CSV_PIECES = {
    "2026-01-01", "x", ",", ",", "\"", "\"\"", "\n", "\r\n", "\r", "é", " ", "\n2026-01-02,s,1\n"
  };
  private static final String[] JSON_PIECES = {
    "{\"t\":\"2026-01-01\",\"s\":\"a\",\"n\":1}",
    "{",
    "}",
    "\n",
    "\n",
    "\r\n",
    " ",
    "\r",
    "[1]",
    "é"
  };

  /** What a row became, and where the one after it begins. */
  private record Read(String row, Checkpoint next) {}

  private static List<Read> read(ImportPlan plan, byte[] content, Checkpoint from)
      throws IOException {
    List<Read> all = new ArrayList<>();
    int offset = (int) from.offset();
    ByteSource source = new ByteSource(
        new ByteArrayInputStream(content, offset, content.length - offset), offset, from.line());
    try (Rows rows = plan.rows(source, "id")) {
      for (long number = from.rows() + 1; rows.next(); number++) {
        ByteWriter out = new ByteWriter(64);
        String became;
        try {
          rows.write(number, out);
          became = new String(out.array(), 0, out.length(), UTF_8);
        } catch (UnusableRow why) {
          became = why.code() + " " + why.why();
        }
        String raw = new String(source.row().array(), 0, source.row().length(), UTF_8);
        all.add(new Read(
            rows.line() + " " + raw + " " + became,
            new Checkpoint(number, source.offset(), source.line())));
      }
    }
    return all;
  }

  private static String random(Random random, String[] pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  private static void check(String content, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("f", "--dry-run", "--type", "t"));
    words.addAll(List.of(options));
    ImportOptions parsed = ImportOptions.parse(words, Map.of());
    byte[] bytes = content.getBytes(UTF_8);
    ImportPlan plan = Planner.plan("f", parsed.read(), parsed.mapping(), bytes);
    List<Read> whole = read(plan, bytes, Checkpoint.START);
    for (int i = 0; i < whole.size(); i++) {
      assertEquals(
          whole.subList(i + 1, whole.size()),
          read(plan, bytes, whole.get(i).next()),
          () -> "seed %d, content %s".formatted(SEED, ImportJson.MAPPER.valueToTree(content)));
    }
  }

  @Test
  void aCsvFileCanBeResumedAfterAnyRow() throws IOException {
    Random random = new Random(SEED);
    for (int file = 0; file < FILES; file++) {
      String mark = random.nextBoolean() ? "\uFEFF" : "";
      String end = random.nextBoolean() ? "\n" : "\r\n";
      check(
          mark + "t,s,n" + end + random(random, CSV_PIECES),
          "--delimiter",
          "comma",
          "--map",
          "time=t",
          "--map",
          "subject=s",
          "--map",
          "data.n=n");
    }
  }

  @Test
  void aFileOfLinesCanBeResumedAfterAnyRow() throws IOException {
    Random random = new Random(SEED);
    for (int file = 0; file < FILES; file++) {
      check(
          random(random, JSON_PIECES),
          "--format",
          "ndjson",
          "--map",
          "time=t",
          "--map",
          "subject=s",
          "--map",
          "data.n=n");
    }
  }
}
