package dev.weir.gateway.csv;

import dev.weir.gateway.client.ByteWriter;
import java.math.BigDecimal;
import java.util.List;

/** Writes rows as CloudEvents; equal rows give equal bytes. Immutable. */
public final class CsvEventWriter {

  public static final String TYPE = "csv.row";

  private final String source;
  private final List<String> valueNames;
  private final List<String> groupNames;

  /** @param source identifies an event together with its id */
  public CsvEventWriter(String source, CsvMapping mapping) {
    this.source = source;
    this.valueNames = List.copyOf(mapping.meters().keySet());
    this.groupNames = List.copyOf(mapping.groupBy().keySet());
  }

  public void write(CsvEvent event, String subject, ByteWriter out) {
    out.text("{\"specversion\":\"1.0\",\"id\":").quoted(event.id());
    out.text(",\"source\":").quoted(source);
    out.text(",\"type\":\"" + TYPE + "\",\"subject\":").quoted(subject);
    out.text(",\"time\":").quoted(event.time().toString());
    out.text(",\"data\":{");
    for (int i = 0; i < valueNames.size(); i++) {
      out.text(i == 0 ? "" : ",").quoted(valueNames.get(i)).ascii(':');
      out.text(plain(event.values().get(i)));
    }
    for (int i = 0; i < groupNames.size(); i++) {
      out.ascii(',').quoted(groupNames.get(i)).ascii(':').quoted(event.groups().get(i));
    }
    out.text("}}");
  }

  private static String plain(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }
}
