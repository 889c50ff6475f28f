package dev.weir.gateway.imports.reading;

import dev.weir.gateway.csv.ColumnMapping;
import dev.weir.gateway.csv.CsvFormat;
import dev.weir.gateway.csv.CsvReader;
import dev.weir.gateway.imports.mapping.EventForm;
import dev.weir.gateway.imports.mapping.EventMapping;
import dev.weir.gateway.imports.mapping.JsonMapping;
import dev.weir.gateway.rows.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the rows of a file become events, with nothing left open. */
public sealed interface ImportPlan {

  /** The rows of a source that stands at the start of the file or at the end of a row. */
  Rows rows(ByteSource source, String idPrefix) throws IOException;

  /** Whether ids are made of a prefix and the row's number. */
  boolean makesIds();

  /** The plan in words; equal plans give equal words. */
  List<String> lines();

  /** Distinguishes plans that make different events. */
  default String hash() {
    return Fingerprint.ofText(String.join("\n", lines()));
  }

  /**
   * A CSV file.
   *
   * @param header names of its columns if it does not have them itself
   */
  record Columns(
      CsvFormat format, @Nullable List<String> header, ColumnMapping columns, EventMapping mapping)
      implements ImportPlan {

    @Override
    public Rows rows(ByteSource source, String idPrefix) throws IOException {
      boolean skipHeader = header == null && source.offset() == 0;
      return new CsvRows(
          source,
          new CsvReader(source, format),
          skipHeader,
          columns,
          EventForm.of(mapping, idPrefix));
    }

    @Override
    public boolean makesIds() {
      return mapping.makesIds();
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      String delimiter = format.delimiter() == '\t' ? "tabs" : "'" + format.delimiter() + "'";
      lines.add("CSV of %d columns between %s, %s%s"
          .formatted(
              columns.columns(),
              delimiter,
              format.charset(),
              header == null ? "" : ", without a header: " + String.join(", ", header)));
      lines.addAll(mapping.lines());
      return lines;
    }
  }

  /** Lines of JSON objects; without a mapping they are CloudEvents already. */
  record Objects(@Nullable EventMapping mapping) implements ImportPlan {

    @Override
    public Rows rows(ByteSource source, String idPrefix) throws IOException {
      return mapping == null
          ? LineRows.cloudEvents(source)
          : LineRows.objects(source, new JsonMapping(mapping), EventForm.of(mapping, idPrefix));
    }

    @Override
    public boolean makesIds() {
      return mapping != null && mapping.makesIds();
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add(mapping == null ? "NDJSON of CloudEvents, sent as they are" : "NDJSON of objects");
      if (mapping != null) {
        lines.addAll(mapping.lines());
      }
      return lines;
    }
  }
}
