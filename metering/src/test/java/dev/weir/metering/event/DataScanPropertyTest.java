package dev.weir.metering.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonParser;
import dev.weir.metering.meter.JsonPath;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the scan of the bytes finds is what the parser finds, whatever the document looks like. */
class DataScanPropertyTest {

  private static final long SEED = Long.getLong("weir.scan.seed", System.nanoTime());

  private static final String[] NAMES = {
    "a", "b", "n", "tokens", "a b", "é", "日本", "a\\u0062", "\\\"", "", "A", "aa"
  };

  private static final String[] SCALARS = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "7",
    "-12",
    "123456789012345678",
    "-12345678901234567",
    "-123456789012345678",
    "1234567890123456789",
    "0.5",
    "-0.50",
    "1e3",
    "1E-7",
    "-1.5e+10",
    "100.00",
    "0.000000000000000001",
    "0.0000000000000000001",
    "99999999999999999999999999999999999999",
    "1e400",
    "NaN",
    "Infinity",
    "-Infinity",
    "\"\"",
    "\"x\"",
    "\"0.25\"",
    "\"-7\"",
    "\"007.50\"",
    "\"1.\"",
    "\".5\"",
    "\"+5\"",
    "\"1e2\"",
    "\" 1\"",
    "\"-\"",
    "\".\"",
    "\"1..2\"",
    "\"é日本😀\"",
    "\"a\\\"b\"",
    "\"\\u0041\"",
    "\"\\\\\"",
    "\"{}[],:\"",
    "\"٣\"",
    "\"123456789012345678\"",
    "\"1234567890123456789\"",
    "\"0.1234567890123456789\""
  };

  private final DataScan scan = new DataScan(new TextCache());
  private final DataWalk walk = new DataWalk();

  @Test
  void theScanFindsWhatTheParserFinds() throws IOException {
    for (int round = 0; round < 20_000; round++) {
      long seed = SEED + round;
      Random random = new Random(seed);
      PathTree tree = tree(random);
      StringBuilder document = new StringBuilder();
      object(document, random, 0);
      compare(document.toString(), tree, "-Dweir.scan.seed=" + seed);
    }
  }

  private void compare(String document, PathTree tree, String message) throws IOException {
    byte[] text = document.getBytes(StandardCharsets.UTF_8);
    // As in a frame: among other documents, each with a line feed behind it.
    byte[] bytes = new byte[text.length + 7];
    System.arraycopy(text, 0, bytes, 3, text.length);
    bytes[text.length + 3] = '\n';
    bytes[text.length + 4] = '{';
    Scalars found = scan.scan(bytes, 3, text.length, tree);
    String scanned = print(found, tree);
    try (JsonParser parser = EventJson.FACTORY.createParser(text)) {
      parser.nextToken();
      walk.walk(parser, tree);
    }
    assertEquals(
        print(walk.scalars(), tree),
        scanned,
        () -> message + " " + document + " by " + paths(tree));
  }

  private static List<String> paths(PathTree tree) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < tree.size(); i++) {
      paths.add(tree.path(i).text());
    }
    return paths;
  }

  private static String print(Scalars scalars, PathTree tree) {
    StringBuilder print = new StringBuilder();
    for (int slot = 0; slot < tree.size(); slot++) {
      BigDecimal decimal = scalars.decimal(slot);
      print.append(scalars.kind(slot)).append(' ').append(scalars.text(slot)).append(' ');
      print.append(decimal == null ? "none" : decimal.toString());
      if (scalars.isInteger(slot)) {
        print.append(" integer ").append(scalars.integer(slot));
      }
      if (scalars.readScaled(slot)) {
        BigDecimal scaled = BigDecimal.valueOf(scalars.unscaled(), scalars.scale());
        assertEquals(0, scaled.compareTo(decimal), scalars.text(slot));
      }
      print.append('\n');
    }
    return print.toString();
  }

  private static PathTree tree(Random random) {
    PathTree tree = new PathTree();
    for (int i = random.nextInt(5); i >= 0; i--) {
      StringBuilder path = new StringBuilder("$");
      for (int depth = random.nextInt(3); depth >= 0; depth--) {
        path.append(
            random.nextInt(4) == 0
                ? "[" + random.nextInt(3) + "]"
                : "['" + NAMES[random.nextInt(7)] + "']");
      }
      tree.add(JsonPath.parse(path.toString(), "test"));
    }
    return tree;
  }

  private static void blank(StringBuilder document, Random random) {
    while (random.nextInt(6) == 0) {
      document.append(" \n\t\r".charAt(random.nextInt(4)));
    }
  }

  private static void value(StringBuilder document, Random random, int depth) {
    blank(document, random);
    switch (depth > 3 ? 9 : random.nextInt(10)) {
      case 0, 1 -> object(document, random, depth + 1);
      case 2 -> array(document, random, depth + 1);
      default -> document.append(SCALARS[random.nextInt(SCALARS.length)]);
    }
    blank(document, random);
  }

  private static void object(StringBuilder document, Random random, int depth) {
    document.append('{');
    int members = random.nextInt(6);
    for (int i = 0; i < members; i++) {
      document.append(i == 0 ? "" : ",");
      blank(document, random);
      document.append('"').append(NAMES[random.nextInt(NAMES.length)]).append('"');
      blank(document, random);
      document.append(':');
      value(document, random, depth);
    }
    if (members == 0) {
      blank(document, random);
    }
    document.append('}');
  }

  private static void array(StringBuilder document, Random random, int depth) {
    document.append('[');
    int items = random.nextInt(4);
    for (int i = 0; i < items; i++) {
      document.append(i == 0 ? "" : ",");
      value(document, random, depth);
    }
    if (items == 0) {
      blank(document, random);
    }
    document.append(']');
  }
}
