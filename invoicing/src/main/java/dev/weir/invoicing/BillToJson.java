package dev.weir.invoicing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import dev.weir.rating.catalog.Address;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How an invoice keeps whom it is made out to. */
final class BillToJson {

  private BillToJson() {}

  static String write(BillTo billTo) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("key", billTo.key());
    wire.put("name", billTo.name());
    wire.put("email", billTo.email());
    wire.put("taxId", billTo.taxId());
    wire.put("address", address(billTo.address()));
    return Json.text(wire);
  }

  private static @Nullable Map<String, Object> address(@Nullable Address address) {
    if (address == null) {
      return null;
    }
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("line1", address.line1());
    wire.put("line2", address.line2());
    wire.put("postalCode", address.postalCode());
    wire.put("city", address.city());
    wire.put("state", address.state());
    wire.put("country", address.country());
    return wire;
  }

  static BillTo read(UUID customerId, String text) {
    JsonNode wire = Json.parseOwn(text);
    return new BillTo(
        customerId,
        wire.path("key").asText(),
        wire.path("name").asText(),
        textOf(wire, "email"),
        wire.hasNonNull("address") ? address(wire.get("address")) : null,
        textOf(wire, "taxId"));
  }

  private static Address address(JsonNode wire) {
    return new Address(
        textOf(wire, "line1"),
        textOf(wire, "line2"),
        textOf(wire, "postalCode"),
        textOf(wire, "city"),
        textOf(wire, "state"),
        textOf(wire, "country"));
  }

  private static @Nullable String textOf(JsonNode wire, String name) {
    return wire.hasNonNull(name) ? wire.get(name).asText() : null;
  }
}
