package dev.weir.rating.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.price.Price;
import dev.weir.rating.price.PriceJson;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Reads and writes rate cards in the shape of the wire, which is also how plans keep them. */
public final class RateCardJson {

  private static final int FILTER_MAX = 32;
  private static final int FILTER_VALUES_MAX = 1_000;

  private RateCardJson() {}

  /** A rate card as asked for. */
  public static RateCardDraft readDraft(JsonFields fields) {
    fields.allow("key", "name", "description", "type", "meter", "filter", "price", "billing");
    return new RateCardDraft(
        fields.text("key"),
        fields.optionalText("name"),
        fields.optionalText("description"),
        fields.oneOf("type", RateCard.Type.class),
        fields.optionalText("meter"),
        filter(fields),
        price(fields),
        fields.optionalOneOf("billing", RateCard.Billing.class));
  }

  /** A rate card that {@link #write} wrote. */
  public static RateCard read(JsonFields fields) {
    RateCard.Type type = fields.oneOf("type", RateCard.Type.class);
    return new RateCard(
        fields.text("key"),
        fields.optionalText("name"),
        fields.optionalText("description"),
        type,
        type == RateCard.Type.USAGE
            ? new MeterRef(UUID.fromString(fields.text("meterId")), fields.text("meter"))
            : null,
        filter(fields),
        price(fields),
        fields.oneOf("billing", RateCard.Billing.class));
  }

  private static Price price(JsonFields fields) {
    return PriceJson.read(fields.object("price"));
  }

  private static Map<String, Set<String>> filter(JsonFields fields) {
    Map<String, Set<String>> filter = new TreeMap<>();
    JsonNode node = fields.node("filter");
    if (node == null) {
      return filter;
    }
    JsonFields dimensions = fields.object("filter");
    if (node.size() > FILTER_MAX) {
      throw fields.invalid("filter", "must have at most " + FILTER_MAX + " dimensions.");
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      filter.put(name, values(dimensions, name));
    }
    return filter;
  }

  private static Set<String> values(JsonFields dimensions, String name) {
    JsonNode node = dimensions.requiredNode(name);
    if (!node.isArray()) {
      return Set.of(dimensions.text(name));
    }
    List<String> values = dimensions.texts(name, FILTER_VALUES_MAX);
    if (values.isEmpty()) {
      throw dimensions.invalid(name, "must have at least one value, or be left out.");
    }
    return Set.copyOf(values);
  }

  /** The rate card as a map that serialises to the wire shape. */
  public static Map<String, Object> write(RateCard card) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("key", card.key());
    if (card.name() != null) {
      wire.put("name", card.name());
    }
    if (card.description() != null) {
      wire.put("description", card.description());
    }
    wire.put("type", card.type().name().toLowerCase(Locale.ROOT));
    MeterRef meter = card.meter();
    if (meter != null) {
      wire.put("meter", meter.key());
      wire.put("meterId", meter.id());
    }
    if (!card.filter().isEmpty()) {
      wire.put("filter", write(card.filter()));
    }
    wire.put("price", PriceJson.write(card.price()));
    wire.put("billing", card.billing().name().toLowerCase(Locale.ROOT));
    return wire;
  }

  private static Map<String, Object> write(Map<String, Set<String>> filter) {
    Map<String, Object> wire = new TreeMap<>();
    filter.forEach((name, values) -> {
      List<String> sorted = values.stream().sorted().toList();
      wire.put(name, sorted.size() == 1 ? sorted.get(0) : sorted);
    });
    return wire;
  }
}
