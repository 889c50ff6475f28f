package dev.weir.gateway.rows;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as an event. What is null comes from elsewhere than the row.
 *
 * @param names of the properties of its data
 * @param values one for each name: BigDecimal, String, Boolean or JsonNode; null leaves it out
 */
public record RowEvent(
    @Nullable String id,
    @Nullable String source,
    @Nullable String type,
    @Nullable String subject,
    Instant time,
    List<String> names,
    List<@Nullable Object> values) {

  private static final int NAME_CHARS_MAX = 256;

  public RowEvent {
    names = List.copyOf(names);
    values = Collections.unmodifiableList(values);
  }

  /** The same event with this id. */
  public RowEvent withId(String newId) {
    return new RowEvent(newId, source, type, subject, time, names, values);
  }

  /** A part of the event that must not be empty, without the blanks around it. */
  public static String required(String text, String field) throws UnusableRow {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      throw new UnusableRow(RowFault.ROW_FIELD_MISSING, field, "its " + field + " is empty");
    }
    if (stripped.length() > NAME_CHARS_MAX || stripped.indexOf('\0') >= 0) {
      throw new UnusableRow(
          RowFault.ROW_FIELD_INVALID,
          field,
          "its %s is longer than %d characters, or holds a NUL".formatted(field, NAME_CHARS_MAX));
    }
    return stripped;
  }

  /** The event's time; every event needs one. */
  public static Instant time(String text, TimeFormat format) throws UnusableRow {
    Instant time = format.parse(text);
    if (time == null) {
      throw new UnusableRow(
          text.isBlank() ? RowFault.ROW_FIELD_MISSING : RowFault.ROW_TIME_INVALID,
          "time",
          "'%s' is no time".formatted(UnusableRow.shortened(text)));
    }
    return time;
  }
}
