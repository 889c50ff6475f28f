package dev.weir.gateway.imports.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.csv.ColumnSample;
import dev.weir.gateway.csv.CsvFormat;
import dev.weir.gateway.csv.CsvReader;
import dev.weir.gateway.csv.CsvTable;
import dev.weir.gateway.imports.mapping.EventMapping;
import dev.weir.gateway.imports.mapping.MappingInference;
import dev.weir.gateway.imports.mapping.MappingRequest;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.UnusableRow;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Plans the import of one file from its head. Pure. */
public final class Planner {

  private final String file;
  private final ReadOptions read;
  private final MappingRequest said;
  private final byte[] head;

  private Planner(String file, ReadOptions read, MappingRequest said, byte[] head) {
    this.file = file;
    this.read = read;
    this.said = said;
    this.head = head;
  }

  /** @param head the first bytes of the file, or all of them */
  public static ImportPlan plan(String file, ReadOptions read, MappingRequest said, byte[] head)
      throws IOException {
    if (startsWith(head, 0xFE, 0xFF) || startsWith(head, 0xFF, 0xFE)) {
      throw new CommandFailure(
          "%s is UTF-16; convert it first, for example with iconv -f UTF-16 -t UTF-8."
              .formatted(file));
    }
    Planner planner = new Planner(file, read, said, wholeLines(head));
    FileFormat format = read.format() == null ? FileFormat.of(head) : read.format();
    return format == FileFormat.CSV ? planner.columns() : planner.objects();
  }

  private static boolean startsWith(byte[] head, int first, int second) {
    return head.length >= 2 && (head[0] & 0xFF) == first && (head[1] & 0xFF) == second;
  }

  /** Without the row that the end of the head may have cut. */
  private static byte[] wholeLines(byte[] head) {
    if (head.length < Input.HEAD_BYTES) {
      return head;
    }
    int end = head.length;
    while (end > 0 && head[end - 1] != '\n') {
      end--;
    }
    return Arrays.copyOf(head, end == 0 ? head.length : end);
  }

  private ByteSource source() {
    return new ByteSource(new ByteArrayInputStream(head), 0, 1);
  }

  private ImportPlan columns() throws IOException {
    CsvFormat format = new CsvFormat(delimiter(), read.charset());
    ColumnSample sample;
    try (CsvReader reader = new CsvReader(source(), format)) {
      sample = read.columns() == null
          ? CsvTable.sample(reader, file)
          : CsvTable.sample(reader, read.columns());
    }
    EventMapping mapping = MappingInference.ofColumns(file, said, sample);
    return new ImportPlan.Columns(
        format, read.columns(), mapping.ofColumns(file, sample.header()), mapping);
  }

  private char delimiter() {
    if (read.delimiter() != null) {
      return read.delimiter();
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return CsvFormat.likelyDelimiter(text.lines().findFirst().orElse(""));
  }

  private ImportPlan objects() throws IOException {
    List<JsonNode> sample = sampleObjects();
    boolean areEvents = !sample.isEmpty()
        && sample.stream().filter(object -> object.has("specversion")).count() * 2 > sample.size();
    if (areEvents && !said.namesPlaces()) {
      return new ImportPlan.Objects(null);
    }
    return new ImportPlan.Objects(MappingInference.ofObjects(file, said, table(sample)));
  }

  private List<JsonNode> sampleObjects() throws IOException {
    List<JsonNode> sample = new ArrayList<>();
    try (LineRows rows = LineRows.sample(source(), sample::add)) {
      ByteWriter nowhere = new ByteWriter(0);
      for (int number = 1; number <= ColumnSample.ROWS && rows.next(); number++) {
        try {
          rows.write(number, nowhere);
        } catch (UnusableRow e) {
          // It will be told of when its turn comes.
        }
      }
    }
    return sample;
  }

  /** The objects' own properties as columns of text. */
  private static ColumnSample table(List<JsonNode> objects) {
    Set<String> names = new LinkedHashSet<>();
    objects.forEach(object -> object.fieldNames().forEachRemaining(names::add));
    List<List<String>> rows = objects.stream()
        .map(object -> names.stream().map(name -> object.path(name).asText("")).toList())
        .toList();
    return new ColumnSample(List.copyOf(names), rows);
  }
}
