package dev.weir.gateway.csv;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times that CSV files have: {@code 2023-11-16 18:15:46.6805900}, {@code
 * 2023-11-16T18:15Z}, {@code 2023-11-16 18:15:46+02:00}, {@code 2023-11-16}. Up to nine fraction
 * digits are kept; a time without an offset is in the given zone.
 */
final class CsvTime {

  private static final Pattern TIME = Pattern.compile(
      "([0-9]{4})-([0-9]{2})-([0-9]{2})" // 1-3: date
          + "(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?" // 4-7: time
          + " ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"); // 8: offset

  private CsvTime() {}

  /** The instant, or null when the text is no such time. */
  static @Nullable Instant parse(String text, ZoneId zone) {
    Matcher parts = TIME.matcher(text.strip());
    if (!parts.matches()) {
      return null;
    }
    try {
      LocalDateTime local = LocalDateTime.of(
          number(parts, 1),
          number(parts, 2),
          number(parts, 3),
          number(parts, 4),
          number(parts, 5),
          number(parts, 6),
          nanos(parts.group(7)));
      String offset = parts.group(8);
      return local.atZone(offset == null ? zone : offset(offset)).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int number(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
  }

  private static ZoneOffset offset(String text) {
    return "z".equalsIgnoreCase(text) ? ZoneOffset.UTC : ZoneOffset.of(text);
  }
}
