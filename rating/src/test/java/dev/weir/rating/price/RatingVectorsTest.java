package dev.weir.rating.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.metering.Quantity;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs the shared rating vectors that use models and options Weir has. Options used: the price's own
 * defaults, {@code rounding} where a case declares one at the line, and the modifiers a case names.
 * What cannot be expressed is derived from the case's options and then compared with the written list,
 * so that neither a new case nor a new feature passes unseen.
 */
final class RatingVectorsTest {

  private static final Path FILE =
      Path.of(System.getProperty("weir.root", "."), "..", "shared", "vectors", "rating.jsonl");

  private static final Set<String> MODELS =
      Set.of("flat", "per_unit", "graduated", "volume", "package");

  /** Options that no price here has, and why. */
  private static final Map<String, String> UNSUPPORTED = Map.of(
      "previous_quantity", "bills in parts within a period; Weir rates whole periods",
      "previous_billed_amount", "bills in parts within a period; Weir rates whole periods",
      "conversion", "unit conversion is not there yet and is refused",
      "tier_selection_quantity", "prorated usage is not there yet",
      "minimum_spend_proration", "prorated minimum spend is not there yet",
      "per_window_quantities", "prices per window are not there yet",
      "windows", "commitments per window are not there yet");

  private static final String MID_PERIOD = "bills before the period ends; Weir rates whole periods";
  private static final String NEGATIVE_PRICE = "negative prices are refused";

  /** Every case of our models that cannot be expressed, by reason. */
  private static final Map<String, Set<String>> INEXPRESSIBLE = Map.of(
      UNSUPPORTED.get("previous_quantity"),
      Set.of(
          "om-grad-001",
          "om-grad-004",
          "om-grad-005",
          "om-grad-007",
          "om-grad-008",
          "om-grad-017",
          "om-grad-018",
          "om-pkg-007",
          "om-udisc-001",
          "om-udisc-002"),
      MID_PERIOD,
      Set.of("om-pkg-006", "om-pkg-008", "om-unit-003"),
      UNSUPPORTED.get("conversion"),
      Set.of("om-conv-001", "om-conv-004", "om-conv-005", "om-conv-006", "om-conv-008"),
      UNSUPPORTED.get("tier_selection_quantity"),
      Set.of("lago-vol-009"),
      UNSUPPORTED.get("minimum_spend_proration"),
      Set.of("lago-min-003"),
      UNSUPPORTED.get("per_window_quantities"),
      Set.of("fx-win-002", "fx-win-004"),
      UNSUPPORTED.get("windows"),
      Set.of("fx-commit-004", "fx-commit-005"),
      NEGATIVE_PRICE,
      Set.of("fx-round-012"));

  /**
   * Cases whose source rounds the usage before it takes the difference to the minimum. The amount is
   * the same; our step is the exact difference.
   */
  private static final Set<String> MINIMUM_OF_ROUNDED_USAGE = Set.of("fx-min-002", "fx-min-003");

  private static final List<JsonNode> CASES = new ArrayList<>();

  @BeforeAll
  static void readCases() throws IOException {
    if (Files.exists(FILE)) {
      for (String line : Files.readAllLines(FILE)) {
        CASES.add(Json.parseOwn(line));
      }
    }
  }

  @Test
  void everyCaseOfOurModelsThatCanBeExpressedIsRatedAsExpected() {
    assumeTrue(!CASES.isEmpty(), "skipped: there are no vectors at " + FILE);
    int rated = 0;
    List<String> wrong = new ArrayList<>();
    for (JsonNode vector : CASES) {
      if (isOurs(vector) && reason(vector) == null) {
        rated++;
        check(vector, wrong);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(rated >= 50, "only " + rated + " cases were rated");
  }

  @Test
  void theCasesThatCannotBeExpressedAreExactlyTheListedOnes() {
    assumeTrue(!CASES.isEmpty(), "skipped: there are no vectors at " + FILE);
    Map<String, Set<String>> found = new TreeMap<>();
    for (JsonNode vector : CASES) {
      String reason = isOurs(vector) ? reason(vector) : null;
      if (reason != null) {
        found
            .computeIfAbsent(reason, key -> new TreeSet<>())
            .add(vector.get("id").textValue());
      }
    }
    assertEquals(new TreeMap<>(INEXPRESSIBLE), found);
  }

  @Test
  void theOtherCasesAreOfModelsThatAreRefused() {
    assumeTrue(!CASES.isEmpty(), "skipped: there are no vectors at " + FILE);
    Set<String> others = new TreeSet<>();
    for (JsonNode vector : CASES) {
      if (!isOurs(vector)) {
        others.add(vector.get("model").textValue());
      }
    }
    assertEquals(
        Set.of(
            "block_graduated",
            "block_volume",
            "capacity",
            "dynamic",
            "graduated_percentage",
            "graduated_prorated",
            "matrix",
            "percentage"),
        others);
  }

  private static boolean isOurs(JsonNode vector) {
    return MODELS.contains(vector.get("model").textValue());
  }

  private static String reason(JsonNode vector) {
    JsonNode config = vector.get("config");
    for (String option : List.of(
        "previous_quantity",
        "previous_billed_amount",
        "conversion",
        "tier_selection_quantity",
        "minimum_spend_proration",
        "per_window_quantities",
        "windows")) {
      if (config.has(option)) {
        return UNSUPPORTED.get(option);
      }
    }
    if (config.path("line_position").asText().equals("mid")) {
      return MID_PERIOD;
    }
    return config.path("flat").asText().startsWith("-") ? NEGATIVE_PRICE : null;
  }

  private static void check(JsonNode vector, List<String> wrong) {
    String id = vector.get("id").textValue();
    Charge charge = price(vector).rate(Quantity.of(vector.get("quantity").textValue()));
    JsonNode expected = vector.get("expected");
    if (charge.amount().compareTo(decimal(expected, "amount")) != 0) {
      wrong.add(id + ": " + charge.amount() + " instead of " + expected.get("amount"));
    }
    JsonNode breakdown = expected.get("breakdown");
    if (breakdown != null && !matches(id, charge, breakdown)) {
      wrong.add(id + ": " + Json.text(ChargeJson.lines(charge)) + " instead of " + breakdown);
    }
  }

  private static boolean matches(String id, Charge charge, JsonNode breakdown) {
    int step = 0;
    for (JsonNode part : breakdown) {
      if (part.get("tier").isTextual()) {
        if (!MINIMUM_OF_ROUNDED_USAGE.contains(id) && !namedPartMatches(charge, part)) {
          return false;
        }
      } else if (step == charge.steps().size() || !tierMatches(charge.steps().get(step++), part)) {
        return false;
      }
    }
    return step == charge.steps().size()
        || breakdown.findValuesAsText("tier").contains("usage")
        || MINIMUM_OF_ROUNDED_USAGE.contains(id);
  }

  private static boolean tierMatches(TierStep step, JsonNode part) {
    return step.tier() == part.get("tier").intValue()
        && step.units().value().compareTo(decimal(part, "units")) == 0
        && step.unitPrice().compareTo(decimal(part, "unit_price")) == 0
        && step.flat().compareTo(decimal(part, "flat")) == 0
        && step.amount().compareTo(decimal(part, "amount")) == 0;
  }

  /** "usage" is all steps together; "true_up" and "minimum" are what the minimum added. */
  private static boolean namedPartMatches(Charge charge, JsonNode part) {
    BigDecimal amount = BigDecimal.ZERO;
    if (part.get("tier").textValue().equals("usage")) {
      for (TierStep step : charge.steps()) {
        amount = amount.add(step.amount());
      }
    } else {
      for (Adjustment adjustment : charge.adjustments()) {
        amount = adjustment.kind() == Adjustment.Kind.MINIMUM_SPEND
            ? amount.add(adjustment.amount())
            : amount;
      }
    }
    return amount.compareTo(decimal(part, "amount")) == 0;
  }

  private static BigDecimal decimal(JsonNode node, String name) {
    return new BigDecimal(node.get(name).textValue());
  }

  /** The case's configuration as a price on the wire. */
  private static Price price(JsonNode vector) {
    ObjectNode price = Json.MAPPER.createObjectNode();
    price.put("model", vector.get("model").textValue());
    JsonNode config = vector.get("config");
    config.fields().forEachRemaining(option -> {
      JsonNode value = option.getValue();
      switch (option.getKey()) {
        case "flat" -> price.set("amount", value);
        case "unit_price" -> price.set("unitPrice", value);
        case "tiers" -> tiers(value, price);
        case "package" -> packages(value, price);
        case "minimum_spend" -> price.set("minimumSpend", value);
        case "maximum_spend" -> price.set("maximumSpend", value);
        case "usage_discount_units" -> price.set("usageDiscountUnits", value);
        case "zero_usage_bills_first_flat" -> price.set("zeroUsageBillsFirstFlat", value);
        case "rounding" -> rounding(value, price);
        // A whole period is its own last line, and when a fee is due does not change its amount.
        case "line_position", "timing" -> {}
        default -> throw new IllegalStateException("unknown option " + option.getKey());
      }
    });
    return PriceJson.read(JsonFields.of(price));
  }

  private static void tiers(JsonNode tiers, ObjectNode price) {
    for (JsonNode tier : tiers) {
      ObjectNode wire = price.withArrayProperty("tiers").addObject();
      wire.set("upTo", tier.get("up_to"));
      wire.set("unitPrice", tier.get("unit_price"));
      wire.set("flat", tier.get("flat"));
    }
  }

  private static void packages(JsonNode packages, ObjectNode price) {
    price.set("size", packages.get("size"));
    price.set("price", packages.get("price"));
    price.set("freeUnits", packages.get("free_units"));
    if (packages.has("rounding")) {
      price.set("rounding", packages.get("rounding"));
    }
  }

  private static void rounding(JsonNode rounding, ObjectNode price) {
    assertEquals("line", rounding.get("place").textValue());
    ObjectNode wire = price.putObject("rounding");
    wire.set("mode", rounding.get("mode"));
    wire.set("scale", rounding.get("scale"));
  }
}
