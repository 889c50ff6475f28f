package dev.weir.gateway.demo.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.client.EventBatch;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficGeneratorTest {

  private static final long MANY = 30_000;

  private static byte[] body(EventBatch batch) {
    return Arrays.copyOf(batch.body().array(), batch.body().length());
  }

  private static TrafficReferee refereed(TrafficGenerator generator, BodyFormat format) {
    TrafficReferee referee = new TrafficReferee();
    EventBatch batch = new EventBatch();
    for (long request = 0; generator.fill(batch); request++) {
      referee.read(new String(body(batch), StandardCharsets.UTF_8), format);
      assertEquals(
          referee.requestsThatNeedEarlierOnes.contains(request),
          batch.afterAllEarlier(),
          "request " + request);
      batch.clear();
    }
    return referee;
  }

  @ParameterizedTest
  @CsvSource({
    "2026,30000,1000,NDJSON",
    "2026,30000,1000,JSON",
    "7,12345,10,NDJSON",
    "99,3001,10000,NDJSON",
    "3,50,7,JSON",
    "1,1,1000,NDJSON"
  })
  void verdictsAndTotalsEqualThoseOfAnIndependentReferee(
      long seed, long events, int batchEvents, BodyFormat format) {
    TrafficGenerator generator = new TrafficGenerator(seed, events, batchEvents, format);

    TrafficReferee referee = refereed(generator, format);

    ExpectedTotals totals = generator.totals();
    assertEquals(referee.verdicts(), totals.verdicts());
    assertEquals(generator.eventsToSend(), referee.verdicts().total());
    assertEquals(events, totals.verdicts().accepted());
    assertEquals(events / 50, totals.verdicts().duplicates());
    assertEquals(Math.min(36, events), totals.verdicts().conflicts());
    assertEquals(Math.min(48, events), totals.verdicts().rejected());
    assertTotals(referee, totals);
  }

  private static void assertTotals(TrafficReferee referee, ExpectedTotals totals) {
    List<String> customers = TrafficMix.customers();
    BigDecimal calls = BigDecimal.ZERO;
    for (int customer = 0; customer < customers.size(); customer++) {
      String subject = customers.get(customer);
      assertSum(referee, "peak " + subject, totals.peakLatencyMillis(customer));
      assertEquals(
          referee.distinct.getOrDefault(subject, Set.of()).size(),
          totals.regionsUsed(customer).intValueExact());
      for (int model = 0; model < TrafficMix.MODELS.size(); model++) {
        String group = subject + "/" + TrafficMix.MODELS.get(model).name();
        assertSum(referee, "calls " + group, totals.calls(customer, model));
        assertSum(referee, "input " + group, totals.inputTokens(customer, model));
        assertSum(referee, "output " + group, totals.outputTokens(customer, model));
        assertSum(referee, "cost " + group, totals.cost(customer, model));
        calls = calls.add(totals.calls(customer, model));
      }
    }
    assertEquals(totals.verdicts().accepted(), calls.longValueExact());
  }

  private static void assertSum(TrafficReferee referee, String name, BigDecimal expected) {
    BigDecimal sum = referee.sums.getOrDefault(name, BigDecimal.ZERO);
    assertEquals(0, sum.compareTo(expected), name + ": " + sum + " and " + expected);
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherSeedGivesOthers() {
    assertArrayEquals(all(5), all(5));
    assertFalse(Arrays.equals(all(5), all(6)));
  }

  private static byte[] all(long seed) {
    TrafficGenerator generator = new TrafficGenerator(seed, 2_000, 500, BodyFormat.NDJSON);
    ByteWriter all = new ByteWriter(1 << 20);
    EventBatch batch = new EventBatch();
    while (generator.fill(batch)) {
      all.bytes(body(batch));
      batch.clear();
    }
    return Arrays.copyOf(all.array(), all.length());
  }

  @Test
  void aReusedBatchHoldsOnlyItsOwnEvents() {
    TrafficGenerator generator = new TrafficGenerator(1, 25, 10, BodyFormat.NDJSON);
    EventBatch batch = new EventBatch();
    while (generator.fill(batch)) {
      String text = new String(body(batch), StandardCharsets.UTF_8);
      assertEquals(batch.events(), text.lines().count());
      assertTrue(text.endsWith("\n"));
      batch.clear();
    }
  }

  @Test
  void everyTimeLiesInJanuary2026AndOnePercentComesHoursOrDaysLate() {
    TrafficGenerator generator = new TrafficGenerator(2026, MANY, 1_000, BodyFormat.NDJSON);
    List<Instant> times = refereed(generator, BodyFormat.NDJSON).acceptedTimes;

    Instant latest = Instant.EPOCH;
    long late = 0;
    long daysLate = 0;
    for (Instant time : times) {
      assertFalse(time.isBefore(Instant.parse("2026-01-01T00:00:00Z")), time.toString());
      assertTrue(time.isBefore(Instant.parse("2026-02-01T00:00:00Z")), time.toString());
      late += time.isBefore(latest.minus(Duration.ofMinutes(50))) ? 1 : 0;
      daysLate += time.isBefore(latest.minus(Duration.ofHours(23))) ? 1 : 0;
      latest = time.isAfter(latest) ? time : latest;
    }
    assertEquals(MANY, times.size());
    assertTrue(late > MANY / 110 && late <= MANY / 100, "late: " + late);
    assertTrue(daysLate > late / 4, "days late: " + daysLate);
    assertTrue(latest.isAfter(Instant.parse("2026-01-31T22:00:00Z")), latest.toString());
  }

  @Test
  void trafficFollowsADailyRhythmWithBursts() {
    TrafficGenerator generator = new TrafficGenerator(2026, MANY, 1_000, BodyFormat.NDJSON);
    long[] byHour = new long[31 * 24];
    for (Instant time : refereed(generator, BodyFormat.NDJSON).acceptedTimes) {
      byHour[(int) Duration.between(TrafficCalendar.FROM, time).toHours()]++;
    }
    long fourInTheMorning = 0;
    long fourInTheAfternoon = 0;
    for (int day = 0; day < 31; day++) {
      fourInTheMorning += byHour[day * 24 + 4];
      fourInTheAfternoon += byHour[day * 24 + 16];
    }
    assertTrue(fourInTheAfternoon > 3 * fourInTheMorning);
    long busiest = Arrays.stream(byHour).max().orElseThrow();
    assertTrue(busiest > 5 * MANY / byHour.length, "busiest hour: " + busiest);
  }

  @Test
  void customersHaveVeryDifferentSizesAndAllOfThemAppear() {
    TrafficGenerator generator = new TrafficGenerator(2026, 200_000, 1_000, BodyFormat.NDJSON);
    EventBatch batch = new EventBatch();
    while (generator.fill(batch)) {
      batch.clear();
    }
    long[] calls = new long[TrafficMix.CUSTOMERS];
    for (int customer = 0; customer < calls.length; customer++) {
      for (int model = 0; model < TrafficMix.MODELS.size(); model++) {
        calls[customer] += generator.totals().calls(customer, model).longValueExact();
      }
    }
    assertTrue(Arrays.stream(calls).allMatch(count -> count > 0));
    assertTrue(calls[0] > 100 * calls[199], calls[0] + " and " + calls[199]);
  }

  @Test
  void duplicatesComeInTheSameRequestAndInLaterOnes() {
    TrafficGenerator generator = new TrafficGenerator(2026, MANY, 1_000, BodyFormat.NDJSON);
    TrafficReferee referee = refereed(generator, BodyFormat.NDJSON);
    assertTrue(referee.duplicatesInOneRequest >= 150, "" + referee.duplicatesInOneRequest);
    assertTrue(
        referee.duplicatesOfEarlierRequests >= 300, "" + referee.duplicatesOfEarlierRequests);
  }

  @Test
  void faultyEventsAreOfManyKinds() {
    TrafficGenerator generator = new TrafficGenerator(2026, MANY, 1_000, BodyFormat.NDJSON);
    Set<String> kinds = new HashSet<>();
    for (String text : refereed(generator, BodyFormat.NDJSON).rejectedTexts) {
      kinds.add(text.replaceAll("faulty-[0-9]+", "").replaceAll("\"id\":[0-9]+", "\"id\":0"));
    }
    assertEquals(16, kinds.size(), String.join("\n", kinds));
  }
}
