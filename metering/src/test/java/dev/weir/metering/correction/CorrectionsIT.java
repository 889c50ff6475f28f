package dev.weir.metering.correction;

import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.TestMetering;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.journal.VoidedRecord;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectionsIT {

  private static final String TIME = "2026-03-05T11:00:00Z";

  @TempDir
  Path directory;

  private TestDatabase test;
  private TestMetering metering;
  private JournalHistory history;
  private Corrections corrections;
  private Meter sum;
  private Meter count;
  private Meter max;

  @BeforeEach
  void startWithThreeEvents() throws Exception {
    test = TestDatabase.create();
    metering = TestMetering.start(test, test.newTenant(), directory, 2);
    history = new JournalHistory(directory);
    corrections = metering.engine().corrections(history);
    sum = metering.meter("sum", Aggregation.SUM, "$.n", Map.of());
    count = metering.meter("count", Aggregation.COUNT, null, Map.of());
    max = metering.meter("max", Aggregation.MAX, "$.n", Map.of());
    metering.send(n("a", 1) + "\n" + n("b", 20) + "\n" + n("c", 300));
  }

  @AfterEach
  void stop() throws Exception {
    await(corrections.close());
    metering.close();
    test.close();
  }

  private static String n(String id, int n) {
    return event(id, TIME, "someone", "{\"n\":" + n + "}");
  }

  private List<CorrectionAnswer.Outcome> apply(Correction... wanted) {
    return await(corrections.apply(
            metering.context(),
            new Corrections.Author(metering.tenant(), "ann@example.com"),
            List.of(wanted)))
        .outcomes();
  }

  private static Correction voids(String id) {
    return new Correction(id, null, null, "sent in error", null);
  }

  private static Correction replaces(String id, String event) {
    return new Correction(id, "test", null, "wrong amount", event);
  }

  private void assertTotals(String expectedSum, String expectedCount) {
    assertEquals(expectedSum, metering.total(sum));
    assertEquals(expectedCount, metering.total(count));
  }

  @Test
  void aVoidedEventNoLongerCounts() {
    assertTotals("321", "3");
    CorrectionAnswer.Outcome outcome = apply(voids("b")).get(0);
    assertEquals(CorrectionAnswer.Verdict.VOIDED, outcome.verdict());
    assertEquals("test", outcome.source());
    assertTotals("301", "2");
  }

  @Test
  void theGreatestOfWhatIsLeftIsFoundAgain() {
    assertEquals("300", metering.total(max));
    apply(voids("c"));
    assertEquals("20", metering.total(max));
    apply(replaces("a", n("a", 40)), voids("b"));
    assertEquals("40", metering.total(max));
    apply(voids("a"));
    assertEquals("none", metering.total(max));
  }

  /** What a void leaves is found by the meter as it was when the void was folded. */
  @Test
  void whatIsLeftInAMeterThatIsDeletedThenIsOnlyWhatCameBefore() {
    MeterStore meters = new MeterStore();
    for (int round = 0; round < 5; round++) {
      Meter deleted = metering.meter("max" + round, Aggregation.MAX, "$.n", Map.of());
      String greatest = "greatest" + round;
      String late = n("late" + round, 999);
      metering.send(n("left" + round, round) + "\n" + n(greatest, 500));
      // Two changes in a row: what the first waits for is folded between them.
      Future<CorrectionAnswer> voided = metering
          .engine()
          .aggregator()
          .changeMeters(
              metering.tenant(),
              (connection, position) -> corrections.apply(
                  metering.context(),
                  new Corrections.Author(metering.tenant(), "ann@example.com"),
                  List.of(voids(greatest))));
      Future<?> gone = metering
          .engine()
          .aggregator()
          .changeMeters(
              metering.tenant(),
              (connection, position) -> meters
                  .delete(connection, deleted, TestMetering.NOW, position)
                  .compose(done -> metering
                      .engine()
                      .take(
                          metering.context(),
                          metering.tenant(),
                          late.getBytes(StandardCharsets.UTF_8),
                          true)));
      await(voided);
      await(gone);
      assertEquals(String.valueOf(round), metering.total(deleted));
    }
  }

  @Test
  void aReplacedEventCountsAsTheNewOne() {
    apply(replaces("b", n("b", 50_000)));
    assertTotals("50301", "3");
  }

  @Test
  void aReplacementMayBelongToAnotherTimeSubjectAndType() {
    String moved = event("b", "2026-03-04T23:59:59Z", "another", "{\"n\":7}");
    apply(replaces("b", moved));
    assertTotals("308", "3");
    apply(replaces("c", moved.replace("\"b\"", "\"c\"").replace("call", "other")));
    assertTotals("8", "2");
  }

  @Test
  void aReplacementWithoutATimeStaysWhereTheEventWas() {
    apply(replaces("b", n("b", 9).replace(",\"time\":\"" + TIME + "\"", "")));
    JournaledEvent before = history.find(metering.tenant(), null, "b").get(0);
    JournaledEvent after = history.find(metering.tenant(), null, "b").stream()
        .filter(JournaledEvent::isReplacement)
        .findFirst()
        .orElseThrow();
    assertEquals(before.timeNanos(), after.timeNanos());
    assertTotals("310", "3");
  }

  @Test
  void theJournalKeepsBothVersionsWithReasonAndAuthor() {
    apply(replaces("b", n("b", 7)));
    List<JournaledEvent> records = history.find(metering.tenant(), "test", "b");
    assertEquals(3, records.size());
    JournaledEvent original = records.get(0);
    JournaledEvent taken = records.get(1);
    JournaledEvent put = records.get(2);
    assertTrue(!original.isVoid() && taken.isVoid() && put.isReplacement());
    assertEquals("{\"n\":20}", original.data());
    assertEquals("{\"n\":20}", taken.data());
    assertEquals("{\"n\":7}", put.data());
    assertEquals(taken.sequence() + 1, put.sequence());
    var about = Json.parseOwn(taken.extensions());
    assertEquals(original.position(), about.get(VoidedRecord.ATTRIBUTE).textValue());
    assertEquals("wrong amount", about.get("reason").textValue());
    assertEquals("ann@example.com", about.get("author").textValue());
    assertEquals(original.payloadHash(), taken.payloadHash());
  }

  @Test
  void theSameCorrectionAgainChangesNothing() {
    apply(voids("b"));
    CorrectionAnswer.Outcome again = apply(voids("b")).get(0);
    assertEquals(CorrectionAnswer.Verdict.VOIDED, again.verdict());
    assertNull(again.voids());
    apply(replaces("c", n("c", 4)));
    CorrectionAnswer.Outcome same = apply(replaces("c", n("c", 4))).get(0);
    assertEquals(CorrectionAnswer.Verdict.REPLACED, same.verdict());
    assertNull(same.voids());
    assertEquals(3 + 1 + 2, history.all().size());
    assertTotals("5", "2");
  }

  @Test
  void correctionsFollowOneAnother() {
    apply(replaces("b", n("b", 21)));
    apply(replaces("b", n("b", 22)));
    assertTotals("323", "3");
    apply(voids("b"));
    assertTotals("301", "2");
    apply(replaces("b", n("b", 23)));
    assertTotals("324", "3");
    apply(replaces("b", n("b", 20)));
    assertTotals("321", "3");
  }

  @Test
  void aVoidedEventSentAgainStaysVoided() {
    apply(voids("b"));
    assertEquals(Verdict.DUPLICATE, metering.send(n("b", 20)).batch().verdict(0));
    assertEquals(Verdict.CONFLICT, metering.send(n("b", 21)).batch().verdict(0));
    assertTotals("301", "2");
  }

  @Test
  void whatCannotBeCorrectedIsRefusedAloneWithItsReason() {
    metering.send(n("a", 99));
    List<CorrectionAnswer.Outcome> outcomes = apply(
        voids("unknown"),
        voids("a"),
        voids("a"),
        replaces("b", n("x", 1)),
        replaces("b", "{\"id\":\"b\",\"source\":\"test\"}"),
        replaces("c", n("c", 3).replace("3}", "\"three\"}")));
    assertRejected(MeteringError.EVENT_NOT_FOUND, "id", outcomes.get(0));
    assertEquals(CorrectionAnswer.Verdict.VOIDED, outcomes.get(1).verdict());
    assertRejected(MeteringError.EVENT_AMBIGUOUS, "id", outcomes.get(2));
    assertRejected(MeteringError.EVENT_FIELD_INVALID, "event.id", outcomes.get(3));
    assertRejected(MeteringError.EVENT_FIELD_MISSING, "event.type", outcomes.get(4));
    assertRejected(MeteringError.EVENT_VALUE_INVALID, "event.data.n", outcomes.get(5));
    assertTotals("320", "2");
  }

  private static void assertRejected(
      MeteringError code, String field, CorrectionAnswer.Outcome outcome) {
    assertEquals(CorrectionAnswer.Verdict.REJECTED, outcome.verdict());
    assertEquals(code, outcome.rejection().code());
    assertEquals(field, outcome.rejection().field());
  }

  @Test
  void anIdOfSeveralSourcesMustBeNamedWithItsSource() {
    metering.send(n("a", 5).replace("\"test\"", "\"elsewhere\""));
    assertRejected(MeteringError.EVENT_AMBIGUOUS, "source", apply(voids("a")).get(0));
    apply(new Correction("a", "elsewhere", null, "sent in error", null));
    assertTotals("321", "3");
  }

  @Test
  void anotherTenantsEventIsNotFound() {
    Corrections.Author stranger = new Corrections.Author(test.newTenant(), "eve@example.com");
    CorrectionAnswer answer =
        await(corrections.apply(metering.context(), stranger, List.of(voids("a"))));
    assertRejected(MeteringError.EVENT_NOT_FOUND, "id", answer.outcomes().get(0));
    assertTotals("321", "3");
  }

  @Test
  void ofManyVoidsAtOnceOneTakesTheEventBack() {
    List<Future<CorrectionAnswer>> answers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      answers.add(corrections.apply(
          metering.context(),
          new Corrections.Author(metering.tenant(), "ann@example.com"),
          List.of(voids("b"), replaces("c", n("c", 1_000 + i % 3)))));
    }
    long voided = answers.stream()
        .filter(answer -> await(answer).outcomes().get(0).voids() != null)
        .count();
    assertEquals(1, voided);
    assertTotals("1001", "2");
  }

  @Test
  void totalsComeBackTheSameAfterARestart() throws Exception {
    apply(voids("a"), replaces("b", n("b", 70)));
    await(corrections.close());
    metering.close();
    metering = TestMetering.start(test, metering.tenant(), directory, 3);
    corrections = metering.engine().corrections(history);
    assertTotals("370", "2");
    assertEquals(Verdict.DUPLICATE, metering.send(n("a", 1)).batch().verdict(0));
    assertEquals(Verdict.DUPLICATE, metering.send(n("b", 20)).batch().verdict(0));
    apply(voids("b"));
    assertTotals("300", "1");
  }
}
