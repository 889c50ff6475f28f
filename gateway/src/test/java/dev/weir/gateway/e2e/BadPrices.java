package dev.weir.gateway.e2e;

import java.util.List;

/** Plans, and prices in them, that must be refused; see {@link BadRequests} for what is there. */
final class BadPrices {

  private static final String CARD = "rateCards[0]";
  private static final String PRICE = CARD + ".price";

  private BadPrices() {}

  static List<BadRequest> plans() {
    return List.of(
        plan("no rate cards", "rateCards", "[]").gives(400, "PLAN_RATE_CARDS_MISSING", "rateCards"),
        plan("an object for rate cards", "rateCards", "{}")
            .gives(400, "FIELD_INVALID", "rateCards"),
        plan("an unknown cycle", "billingCycle", "\"fortnightly\"")
            .gives(400, "FIELD_INVALID", "billingCycle"),
        plan("an unknown currency", "currency", "\"dollars\"")
            .gives(400, "CURRENCY_UNKNOWN", "currency"),
        card("no meter", "meter", "null").gives(400, "RATE_CARD_METER_MISSING", CARD + ".meter"),
        card("an unknown meter", "meter", "\"nothing\"")
            .gives(422, "RATE_CARD_METER_UNKNOWN", CARD + ".meter"),
        card("an unknown dimension", "filter", "{\"color\":\"red\"}")
            .gives(400, "RATE_CARD_FILTER_UNKNOWN", CARD + ".filter.color"),
        card("an unknown type", "type", "\"free\"").gives(400, "FIELD_INVALID", CARD + ".type"),
        card("a meter for a fee", "type", "\"fee\"")
            .gives(400, "RATE_CARD_METER_UNEXPECTED", CARD + ".meter"),
        card("usage in advance", "billing", "\"in_advance\"")
            .gives(422, "RATE_CARD_BILLING_UNSUITABLE", CARD + ".billing"),
        card("a misspelt field", "metre", "\"tokens\"")
            .gives(400, "FIELD_UNKNOWN", CARD + ".metre"),
        card("a list as price", "price", "[]").gives(400, "FIELD_INVALID", PRICE));
  }

  static List<BadRequest> prices() {
    return List.of(
        price("an unknown model", "{\"model\":\"lucky\"}")
            .gives(400, "PRICE_MODEL_UNKNOWN", PRICE + ".model"),
        price("no unit price", "{\"model\":\"per_unit\"}")
            .gives(400, "FIELD_MISSING", PRICE + ".unitPrice"),
        price("a negative unit price", perUnit("\"-0.01\""))
            .gives(400, "PRICE_NEGATIVE", PRICE + ".unitPrice"),
        price("a word as unit price", perUnit("\"cheap\""))
            .gives(400, "FIELD_INVALID", PRICE + ".unitPrice"),
        price("NaN as unit price", perUnit("\"NaN\""))
            .gives(400, "FIELD_INVALID", PRICE + ".unitPrice"),
        price("NaN without quotes", perUnit("NaN")).gives(400, "JSON_MALFORMED"),
        price("10^400 as unit price", perUnit("1e400"))
            .gives(400, "FIELD_INVALID", PRICE + ".unitPrice"),
        price("19 decimals", perUnit("\"0.0000000000000000001\""))
            .gives(400, "FIELD_INVALID", PRICE + ".unitPrice"),
        price("a negative flat price", "{\"model\":\"flat\",\"amount\":\"-99\"}")
            .gives(400, "PRICE_NEGATIVE", PRICE + ".amount"),
        price("no tiers", tiers("")).gives(400, "PRICE_TIERS_MISSING", PRICE + ".tiers"),
        price("overlapping tiers", tiers(tier("100") + "," + tier("50") + "," + tier(null)))
            .gives(400, "PRICE_TIERS_NOT_INCREASING", PRICE + ".tiers[1].upTo"),
        price("equal tiers", tiers(tier("100") + "," + tier("100") + "," + tier(null)))
            .gives(400, "PRICE_TIERS_NOT_INCREASING", PRICE + ".tiers[1].upTo"),
        price("a closed last tier", tiers(tier("100")))
            .gives(400, "PRICE_LAST_TIER_NOT_OPEN", PRICE + ".tiers[0].upTo"),
        price("an open tier in the middle", tiers(tier(null) + "," + tier(null)))
            .gives(400, "PRICE_TIER_NOT_LAST_OPEN", PRICE + ".tiers[0].upTo"),
        price("a negative tier", tiers("{\"upTo\":null,\"unitPrice\":\"-1\"}"))
            .gives(400, "PRICE_NEGATIVE", PRICE + ".tiers[0].unitPrice"),
        price("a package of nothing", "{\"model\":\"package\",\"size\":\"0\",\"price\":\"1\"}")
            .gives(400, "PRICE_PACKAGE_SIZE_INVALID", PRICE + ".size"),
        price("a discount over 100 %", """
            {"model":"per_unit","unitPrice":"1","discountPercent":"101"}""")
            .gives(400, "PRICE_MODIFIER_INVALID", PRICE + ".discountPercent"),
        price("a misspelt field", "{\"model\":\"per_unit\",\"unitprice\":\"1\"}")
            .gives(400, "FIELD_UNKNOWN", PRICE + ".unitprice"));
  }

  static List<BadRequest> previews() {
    return List.of(
        preview("no quantity", "quantity", "null").gives(400, "FIELD_MISSING", "quantity"),
        preview("a word as quantity", "quantity", "\"many\"")
            .gives(400, "FIELD_INVALID", "quantity"),
        preview("a negative quantity", "quantity", "\"-1\"")
            .gives(400, "FIELD_INVALID", "quantity"),
        preview("an unknown currency", "currency", "\"ZZZ\"")
            .gives(400, "CURRENCY_UNKNOWN", "currency"),
        preview("a negative price", "price", perUnit("-1"))
            .gives(400, "PRICE_NEGATIVE", "price.unitPrice"),
        preview("overlapping tiers", "price", tiers(tier("9") + "," + tier("8") + "," + tier(null)))
            .gives(400, "PRICE_TIERS_NOT_INCREASING", "price.tiers[1].upTo"));
  }

  private static BadRequest plan(String name, String field, String value) {
    String good = """
        {"key":"bad","name":"Bad","currency":"USD","billingCycle":"monthly","rateCards":[
          {"key":"base","type":"fee","price":{"model":"flat","amount":"1"}}]}
        """;
    return BadRequest.post("plan: " + name, "/api/billing/plans", Bodies.with(good, field, value));
  }

  private static BadRequest card(String name, String field, String value) {
    String good = "{\"key\":\"tokens\",\"type\":\"usage\",\"meter\":\"tokens\",\"price\":%s}"
        .formatted(perUnit("1"));
    return plan(name, "rateCards", "[" + Bodies.with(good, field, value) + "]");
  }

  private static BadRequest price(String name, String price) {
    String card = "{\"key\":\"tokens\",\"type\":\"usage\",\"meter\":\"tokens\",\"price\":%s}";
    String plan = """
        {"key":"bad","name":"Bad","currency":"USD","billingCycle":"monthly","rateCards":[%s]}
        """;
    return BadRequest.post(
        "price: " + name, "/api/billing/plans", plan.formatted(card.formatted(price)));
  }

  private static BadRequest preview(String name, String field, String value) {
    String good = "{\"currency\":\"USD\",\"quantity\":\"5\",\"price\":%s}".formatted(perUnit("1"));
    return BadRequest.post(
        "preview: " + name, "/api/billing/prices/preview", Bodies.with(good, field, value));
  }

  private static String perUnit(String unitPrice) {
    return "{\"model\":\"per_unit\",\"unitPrice\":%s}".formatted(unitPrice);
  }

  private static String tiers(String tiers) {
    return "{\"model\":\"graduated\",\"tiers\":[%s]}".formatted(tiers);
  }

  private static String tier(String upTo) {
    return "{\"upTo\":%s,\"unitPrice\":\"1\",\"flat\":\"0\"}"
        .formatted(upTo == null ? "null" : "\"" + upTo + "\"");
  }
}
