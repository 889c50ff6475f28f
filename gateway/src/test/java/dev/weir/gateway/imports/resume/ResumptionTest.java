package dev.weir.gateway.imports.resume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.imports.reading.Fingerprint;
import dev.weir.gateway.imports.reading.ImportJson;
import dev.weir.gateway.imports.resume.ImportState.Job;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResumptionTest {

  private static final Fingerprint CONTENT = new Fingerprint("c".repeat(64), 1_000);
  private static final Job JOB = job(CONTENT, "mapping", "ids", "http://a", "key");
  private static final ImportState SAVED =
      new ImportState(JOB, new Checkpoint(7, 500, 12), new Verdicts(3, 2, 1, 1), 99, false);

  private static Job job(
      Fingerprint content, String mapping, String idPrefix, String server, String key) {
    return new Job(content, mapping, idPrefix, server, key);
  }

  private static String refusal(Job wanted) {
    return assertThrows(
            CommandFailure.class,
            () -> Resumption.begin("usage.csv", SAVED, wanted, Again.CONTINUE))
        .text();
  }

  @Test
  void theSameJobGoesOnWhereItStopped() {
    assertSame(SAVED, Resumption.begin("f", SAVED, JOB, Again.CONTINUE));
    assertEquals(ImportState.start(JOB), Resumption.begin("f", null, JOB, Again.CONTINUE));
    assertEquals(ImportState.start(JOB), Resumption.begin("f", SAVED, JOB, Again.RESTART));
  }

  @Test
  void anotherJobIsRefusedWithWhatToDo() {
    Fingerprint changed = new Fingerprint("d".repeat(64), 1_000);
    String content = refusal(job(changed, "mapping", "ids", "http://a", "key"));
    assertTrue(content.contains("has changed") && content.contains("--restart"), content);
    assertTrue(content.contains("--new"), content);
    assertTrue(
        refusal(job(CONTENT, "other", "ids", "http://a", "key")).contains("another mapping"));
    assertTrue(refusal(job(CONTENT, "mapping", "x", "http://a", "key")).contains("--id-prefix"));
    assertTrue(refusal(job(CONTENT, "mapping", "ids", "http://b", "key")).contains("http://a"));
    assertTrue(refusal(job(CONTENT, "mapping", "ids", "http://a", "x")).contains("another key"));
  }

  @Test
  void aFileSentAgainKeepsItsIdsThoughItChanged() {
    Fingerprint changed = new Fingerprint("d".repeat(64), 2_000);
    assertEquals("ids", Resumption.idPrefix(SAVED, changed, Again.RESTART, null));
    assertEquals("ids", Resumption.idPrefix(SAVED, changed, Again.CONTINUE, null));
    assertEquals("d".repeat(32), Resumption.idPrefix(SAVED, changed, Again.NEW, null));
    assertEquals("d".repeat(32), Resumption.idPrefix(null, changed, Again.RESTART, null));
    assertEquals("said", Resumption.idPrefix(SAVED, changed, Again.RESTART, "said"));
  }

  @Test
  void aStateIsReadAsItWasWritten() throws IOException {
    assertEquals(SAVED, ImportState.of(ImportJson.MAPPER.readTree(SAVED.json())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "contentSha256", "mapping", "key", "rows", "rejectedBytes"})
  void aStateThatLacksSomethingIsNone(String name) throws IOException {
    ObjectNode json = (ObjectNode) ImportJson.MAPPER.readTree(SAVED.json());
    json.remove(name);
    assertThrows(IllegalArgumentException.class, () -> ImportState.of(json));
  }

  @ParameterizedTest
  @CsvSource({"rows,-1", "offset,1.5", "line,\"1\"", "version,2"})
  void aStateWithNonsenseIsNone(String name, String value) throws IOException {
    ObjectNode json = (ObjectNode) ImportJson.MAPPER.readTree(SAVED.json());
    json.set(name, ImportJson.MAPPER.readTree(value));
    assertThrows(IllegalArgumentException.class, () -> ImportState.of(json));
  }
}
