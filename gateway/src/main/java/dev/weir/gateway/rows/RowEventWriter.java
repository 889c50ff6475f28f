package dev.weir.gateway.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.ByteWriter;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as CloudEvents; equal rows give equal bytes. Immutable.
 *
 * @param source of the rows that have none; identifies an event together with its id
 * @param type of the rows that have none
 */
public record RowEventWriter(String source, String type) {

  /**
   * Adds the event as one JSON object without line breaks.
   *
   * @param id if the row has none
   * @param subject if the row has none
   */
  public void write(RowEvent event, String id, String subject, ByteWriter out) {
    out.text("{\"specversion\":\"1.0\",\"id\":").quoted(or(event.id(), id));
    out.text(",\"source\":").quoted(or(event.source(), source));
    out.text(",\"type\":").quoted(or(event.type(), type));
    out.text(",\"subject\":").quoted(or(event.subject(), subject));
    out.text(",\"time\":").quoted(event.time().toString());
    out.text(",\"data\":{");
    boolean first = true;
    for (int i = 0; i < event.names().size(); i++) {
      Object value = event.values().get(i);
      if (value != null) {
        out.text(first ? "" : ",").quoted(event.names().get(i)).ascii(':');
        write(value, out);
        first = false;
      }
    }
    out.text("}}");
  }

  private static String or(@Nullable String own, String other) {
    return own == null ? other : own;
  }

  private static void write(Object value, ByteWriter out) {
    if (value instanceof BigDecimal number) {
      out.text(ExactNumber.plain(number));
    } else if (value instanceof JsonNode || value instanceof Boolean) {
      // Jackson gives decimals back with all their digits.
      out.text(value.toString());
    } else {
      out.quoted(value.toString());
    }
  }
}
