package dev.weir.gateway.imports.mapping;

import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.rows.RowEvent;
import dev.weir.gateway.rows.RowEventWriter;

/**
 * How a row's event is written; what the row does not have is the same for all, but for the id.
 *
 * @param idPrefix what an id is made of, together with the row's number
 */
public record EventForm(RowEventWriter writer, String subject, String idPrefix) {

  public static EventForm of(EventMapping mapping, String idPrefix) {
    RowEventWriter writer =
        new RowEventWriter(mapping.constant(Part.SOURCE), mapping.constant(Part.TYPE));
    return new EventForm(writer, mapping.constant(Part.SUBJECT), idPrefix);
  }

  /** Adds the event of the row with this number to a body. */
  public void write(RowEvent event, long number, ByteWriter out) {
    writer.write(event, idPrefix + "-" + number, subject, out);
  }
}
