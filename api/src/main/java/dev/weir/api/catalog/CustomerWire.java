package dev.weir.api.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.Money;
import dev.weir.rating.catalog.Address;
import dev.weir.rating.catalog.AddressJson;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.CustomerDraft;
import dev.weir.rating.catalog.TimeZones;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The wire shape of a customer. */
final class CustomerWire {

  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

  private CustomerWire() {}

  /** Without {@code subjects} the customer's key is its one subject; an empty list means none. */
  static CustomerDraft read(JsonFields fields) {
    fields.allow("key", "name", "email", "currency", "timeZone", "subjects", "address", "taxId");
    String key = fields.text("key");
    return new CustomerDraft(
        key,
        fields.text("name"),
        email(fields),
        Money.currency(fields.text("currency"), "currency"),
        TimeZones.parse(fields.textOr("timeZone", "UTC"), "timeZone"),
        fields.has("subjects") ? subjects(fields) : List.of(key),
        address(fields),
        fields.optionalText("taxId"));
  }

  /** No longer than what an event can carry: usage of such a subject could never arrive. */
  private static List<String> subjects(JsonFields fields) {
    List<String> subjects = fields.texts("subjects", CustomerDraft.SUBJECTS_MAX);
    for (int i = 0; i < subjects.size(); i++) {
      if (subjects.get(i).getBytes(StandardCharsets.UTF_8).length > EventLimits.NAME_BYTES_MAX) {
        throw fields.invalid(
            "subjects[" + i + "]",
            "must be at most %d bytes in UTF-8, as in events."
                .formatted(EventLimits.NAME_BYTES_MAX));
      }
    }
    return subjects;
  }

  private static @Nullable String email(JsonFields fields) {
    String email = fields.optionalText("email");
    if (email != null && !EMAIL.matcher(email).matches()) {
      throw fields.invalid("email", "must be an email address such as \"billing@acme.com\".");
    }
    return email;
  }

  /** An object of address parts, or text that becomes the first line. */
  private static @Nullable Address address(JsonFields fields) {
    JsonNode node = fields.node("address");
    if (node == null) {
      return null;
    }
    return node.isTextual()
        ? new Address(fields.text("address"), null, null, null, null, null)
        : AddressJson.read(fields.object("address"));
  }

  static Object write(Customer customer) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", customer.id());
    wire.put("key", customer.key());
    wire.put("name", customer.name());
    wire.put("email", customer.email());
    wire.put("currency", customer.currency().getCurrencyCode());
    wire.put("timeZone", customer.timeZone().getId());
    wire.put("subjects", customer.subjects());
    Address address = customer.address();
    wire.put("address", address == null ? null : AddressJson.write(address));
    wire.put("taxId", customer.taxId());
    wire.put("createdAt", customer.createdAt());
    return wire;
  }
}
