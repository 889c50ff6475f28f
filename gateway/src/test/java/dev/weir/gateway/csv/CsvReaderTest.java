package dev.weir.gateway.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.RowFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {

  private static List<CsvRow> rows(String text) throws IOException {
    return rows(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static List<CsvRow> rows(InputStream stream) throws IOException {
    return rows(stream, CsvFormat.USUAL);
  }

  private static List<CsvRow> rows(InputStream stream, CsvFormat format) throws IOException {
    List<CsvRow> rows = new ArrayList<>();
    try (CsvReader reader = new CsvReader(new ByteSource(stream, 0, 1), format)) {
      for (CsvRow row = reader.next(); row != null; row = reader.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static CsvRow row(long line, String... cells) {
    return new CsvRow(line, List.of(cells), null);
  }

  private static String problem(CsvRow row) {
    return Objects.requireNonNull(row.problem()).why();
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
    assertEquals("there is text after a closing quote", problem(rows.get(1)));
    assertEquals(2, rows.get(1).line());
    assertEquals(row(3, "3", "4"), rows.get(2));
  }

  @Test
  void aQuoteThatIsNeverClosedIsReportedWithItsLine() throws IOException {
    List<CsvRow> rows = rows("a\n\"b\nc\n");
    assertEquals(2, rows.size());
    assertEquals(2, rows.get(1).line());
    assertEquals("a quoted cell is not closed", problem(rows.get(1)));
  }

  @Test
  void anOverlongCellOrRowIsRefusedWithoutBeingKept() throws IOException {
    String longCell = "x".repeat(CsvReader.CELL_BYTES_MAX + 1);
    List<CsvRow> rows = rows("ok\n" + longCell + ",1\n" + ",".repeat(CsvReader.CELLS_MAX) + "\nok");
    assertEquals(4, rows.size());
    assertNotNull(rows.get(1).problem());
    assertNotNull(rows.get(2).problem());
    assertEquals(row(4, "ok"), rows.get(3));
  }

  @Test
  void aSourceThatGivesOneByteAtATimeReadsTheSame() throws IOException {
    String text = "\uFEFFa,\"b\"\"c\"\r\n1,2\r\n";
    InputStream slow = new ByteArrayInputStream(text.getBytes(UTF_8)) {
      @Override
      public int read(byte[] buffer, int offset, int length) {
        return super.read(buffer, offset, Math.min(1, length));
      }
    };
    assertEquals(rows(text), rows(slow));
    assertNull(rows(text).get(0).problem());
  }

  @Test
  void whereARowEndsIsKnownToTheByteAndReadingGoesOnThere() throws IOException {
    String text = "\uFEFFa,ü\r\n\n\"x\r\ny\",\"\"\r\nlast,1";
    byte[] bytes = text.getBytes(UTF_8);
    List<CsvRow> all = rows(text);
    ByteSource whole = new ByteSource(new ByteArrayInputStream(bytes), 0, 1);
    CsvReader reader = new CsvReader(whole, CsvFormat.USUAL);
    for (int number = 1; reader.next() != null; number++) {
      int from = (int) whole.offset();
      ByteSource rest = new ByteSource(
          new ByteArrayInputStream(bytes, from, bytes.length - from), from, whole.line());
      CsvReader second = new CsvReader(rest, CsvFormat.USUAL);
      for (CsvRow expected : all.subList(number, all.size())) {
        assertEquals(expected, second.next());
      }
      assertNull(second.next());
    }
  }

  @Test
  void theBytesOfARowAreKept() throws IOException {
    ByteSource source =
        new ByteSource(new ByteArrayInputStream("a\n\n\"b\nc\",ü\nd".getBytes(UTF_8)), 0, 1);
    CsvReader reader = new CsvReader(source, CsvFormat.USUAL);
    reader.next();
    reader.next();
    String kept = new String(source.row().array(), 0, source.row().length(), UTF_8);
    assertEquals("\"b\nc\",ü\n", kept);
    assertFalse(source.isRowCut());
  }

  @Test
  void cellsAreReadInTheGivenCharsetWithTheGivenDelimiter() throws IOException {
    byte[] bytes = "Müller;1,5\n".getBytes(StandardCharsets.ISO_8859_1);
    Charset latin = Charset.forName("windows-1252");
    assertEquals(
        List.of(row(1, "Müller", "1,5")),
        rows(new ByteArrayInputStream(bytes), new CsvFormat(';', latin)));
    CsvRow wrong =
        rows(new ByteArrayInputStream(bytes), new CsvFormat(';', UTF_8)).get(0);
    assertEquals(
        RowFault.ROW_CHARSET_WRONG, Objects.requireNonNull(wrong.problem()).code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {"a,b,c;d~,", "a;b;'c,d'~;", "a|b~|", "alone~,", "\"a;b;c\",d~,"})
  void theDelimiterIsFoundInTheHeader(String header, char delimiter) {
    assertEquals(delimiter, CsvFormat.likelyDelimiter(header));
  }
}
