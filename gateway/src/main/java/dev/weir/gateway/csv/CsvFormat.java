package dev.weir.gateway.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a file is written.
 *
 * @param delimiter one ASCII character between the cells
 * @param charset one that writes ASCII characters as ASCII, and no others with ASCII bytes
 */
public record CsvFormat(char delimiter, Charset charset) {

  /** Commas and UTF-8. */
  public static final CsvFormat USUAL = new CsvFormat(',', StandardCharsets.UTF_8);

  /** Delimiters that are looked for, likeliest first. */
  private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

  /** Charsets that can be read byte by byte. */
  public static final List<String> CHARSETS =
      List.of("UTF-8", "US-ASCII", "ISO-8859-1", "ISO-8859-15", "windows-1252", "windows-1254");

  public CsvFormat {
    if (!isDelimiter(delimiter)) {
      throw new IllegalArgumentException("not a delimiter: " + (int) delimiter);
    }
  }

  /** Whether cells can be told apart by it. */
  public static boolean isDelimiter(char c) {
    return c < 0x80 && c != '"' && c != '\n' && c != '\r' && c != '\0';
  }

  /** The delimiter that a line has most of outside quotes; a comma when it has none. */
  public static char likelyDelimiter(String line) {
    int[] counts = new int[DELIMITERS.size()];
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      quoted ^= c == '"';
      int delimiter = DELIMITERS.indexOf(c);
      if (!quoted && delimiter >= 0) {
        counts[delimiter]++;
      }
    }
    int most = 0;
    for (int i = 1; i < counts.length; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    return DELIMITERS.get(most);
  }
}
