package dev.weir.gateway.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {

  private static List<CsvRow> rows(String text) throws IOException {
    return rows(new StringReader(text));
  }

  private static List<CsvRow> rows(Reader source) throws IOException {
    List<CsvRow> rows = new ArrayList<>();
    try (CsvReader reader = new CsvReader(source)) {
      for (CsvRow row = reader.next(); row != null; row = reader.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static CsvRow row(long line, String... cells) {
    return new CsvRow(line, List.of(cells), null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r"})
  void anyLineEndWillDoAndTheLastMayBeMissing(String text) throws IOException {
    assertEquals(List.of(row(1, "a", "b"), row(2, "1", "2"), row(3, "3", "4")), rows(text));
  }

  @Test
  void quotedCellsKeepCommasQuotesAndLineBreaks() throws IOException {
    assertEquals(
        List.of(row(1, "a,b", "say \"hi\"", "two\r\nlines", ""), row(3, "next", "", "", "")),
        rows("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\"\"\r\nnext,,,\r\n"));
  }

  @Test
  void aQuoteInsideAnUnquotedCellIsText() throws IOException {
    assertEquals(List.of(row(1, "5\" disk", "x")), rows("5\" disk,x"));
  }

  @Test
  void anEmptyLastCellCounts() throws IOException {
    assertEquals(List.of(row(1, "a", "")), rows("a,"));
    assertEquals(List.of(row(1, "", "")), rows(","));
  }

  @Test
  void blankLinesAreSkippedButCounted() throws IOException {
    assertEquals(List.of(row(1, "a"), row(4, "b")), rows("a\n\n\nb\n\n"));
  }

  @Test
  void anEmptyFileHasNoRowsAndAByteOrderMarkIsNotData() throws IOException {
    assertEquals(List.of(), rows(""));
    assertEquals(List.of(), rows("\uFEFF"));
    assertEquals(List.of(row(1, "a", "b")), rows("\uFEFFa,b"));
  }

  @Test
  void textAfterAClosingQuoteSpoilsOnlyItsLine() throws IOException {
    List<CsvRow> rows = rows("a,b\n\"x\"y,2\n3,4\n");
    assertEquals("there is text after a closing quote", rows.get(1).problem());
    assertEquals(2, rows.get(1).line());
    assertEquals(row(3, "3", "4"), rows.get(2));
  }

  @Test
  void aQuoteThatIsNeverClosedIsReportedWithItsLine() throws IOException {
    List<CsvRow> rows = rows("a\n\"b\nc\n");
    assertEquals(2, rows.size());
    assertEquals(2, rows.get(1).line());
    assertEquals("a quoted cell is not closed", rows.get(1).problem());
  }

  @Test
  void anOverlongCellOrRowIsRefusedWithoutBeingKept() throws IOException {
    String longCell = "x".repeat(CsvReader.CELL_CHARS_MAX + 1);
    List<CsvRow> rows = rows("ok\n" + longCell + ",1\n" + ",".repeat(CsvReader.CELLS_MAX) + "\nok");
    assertEquals(4, rows.size());
    assertNotNull(rows.get(1).problem());
    assertNotNull(rows.get(2).problem());
    assertEquals(row(4, "ok"), rows.get(3));
  }

  @Test
  void aSourceThatGivesOneCharacterAtATimeReadsTheSame() throws IOException {
    String text = "a,\"b\"\"c\"\r\n1,2\r\n";
    Reader slow = new StringReader(text) {
      @Override
      public int read(char[] buffer, int offset, int length) throws IOException {
        return super.read(buffer, offset, 1);
      }

      @Override
      public int read(char[] buffer) throws IOException {
        return read(buffer, 0, 1);
      }
    };
    assertEquals(rows(text), rows(slow));
    assertNull(rows(text).get(0).problem());
  }
}
