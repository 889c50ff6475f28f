package dev.weir.benchmarks.killbill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class UsageExchangeTest {

  private final UsageExchange.Tally tally = new UsageExchange.Tally();
  private final UsageExchange exchange =
      new UsageExchange("some-subscription", 3, LocalDate.of(2026, 2, 3), tally);

  private JsonNode next() {
    int bytes = exchange.next().bodyBytes();
    return Json.parseOwn(new String(exchange.body(), 0, bytes, StandardCharsets.US_ASCII));
  }

  @Test
  void requestsHaveTrackingIdsOfTheirOwnAndOtherAmounts() {
    JsonNode first = next();
    assertEquals("some-subscription", first.path("subscriptionId").asText());
    assertEquals("000000000000", first.path("trackingId").asText());
    assertEquals(
        "[{\"recordDate\":\"2026-02-03\",\"amount\":1000},{\"recordDate\":\"2026-02-03\",\"amount\""
            + ":1001},{\"recordDate\":\"2026-02-03\",\"amount\":1002}]",
        first.at("/unitUsageRecords/0/usageRecords").toString());
    JsonNode second = next();
    assertEquals("000000000001", second.path("trackingId").asText());
    assertEquals(1_005, second.at("/unitUsageRecords/0/usageRecords/2/amount").asInt());
  }

  @Test
  void whatWasAnsweredIsSummedAndWhatWasNotIsApart() {
    next();
    assertTrue(exchange.answered(201, new byte[0], 0, true));
    next();
    assertFalse(exchange.answered(500, new byte[0], 0, true));
    assertEquals(3, tally.records());
    assertEquals(3_003, tally.amount());
    assertEquals(3_012, tally.unknownAmount());
  }
}
