package dev.weir.rating.catalog;

import dev.weir.metering.json.JsonFields;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes addresses in the shape of the wire, which is also how customers keep them. */
public final class AddressJson {

  private AddressJson() {}

  public static Address read(JsonFields fields) {
    fields.allow("line1", "line2", "postalCode", "city", "state", "country");
    return new Address(
        fields.optionalText("line1"),
        fields.optionalText("line2"),
        fields.optionalText("postalCode"),
        fields.optionalText("city"),
        fields.optionalText("state"),
        fields.optionalText("country"));
  }

  /** The parts that are there. */
  public static Map<String, Object> write(Address address) {
    Map<String, Object> wire = new LinkedHashMap<>();
    put(wire, "line1", address.line1());
    put(wire, "line2", address.line2());
    put(wire, "postalCode", address.postalCode());
    put(wire, "city", address.city());
    put(wire, "state", address.state());
    put(wire, "country", address.country());
    return wire;
  }

  private static void put(Map<String, Object> wire, String name, @Nullable String value) {
    if (value != null) {
      wire.put(name, value);
    }
  }
}
