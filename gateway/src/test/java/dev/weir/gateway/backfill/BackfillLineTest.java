package dev.weir.gateway.backfill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.metering.json.Json;
import org.junit.jupiter.api.Test;

class BackfillLineTest {

  private static String line(String json, boolean bar) {
    return BackfillLine.of(Json.parseOwn(json), bar);
  }

  @Test
  void aRunningOneShowsWhatIsLeft() {
    String running = """
        {"state":"running","percent":25.50,"eventsScanned":2550000,"eventsTotal":10000000,
         "eventsPerSecond":1000000,"eventsCounted":1234567,"eventsSkipped":3}""";
    assertEquals(
        "[======                  ]  25.50 %  1,000,000 events/s  0:07 left  counted 1,234,567"
            + "  skipped 3",
        line(running, true));
    assertEquals(
        " 25.50 %  1,000,000 events/s  0:07 left  counted 1,234,567  skipped 3",
        line(running, false));
    assertEquals("  0.01 %  100 events/s  2:46:40 left  counted 0", line("""
        {"state":"running","percent":0.01,"eventsScanned":100,"eventsTotal":1000100,
         "eventsPerSecond":100,"eventsCounted":0,"eventsSkipped":0}""", false));
  }

  @Test
  void othersShowTheirState() {
    assertEquals("  0.00 %  queued  0 events/s  counted 0", line("""
        {"state":"queued","percent":0.00,"eventsScanned":0,"eventsTotal":0,"eventsPerSecond":0,
         "eventsCounted":0,"eventsSkipped":0}""", false));
    assertEquals(
        "[========================] 100.00 %  completed  5 events/s  counted 7", line("""
        {"state":"completed","percent":100.00,"eventsScanned":9,"eventsTotal":9,
         "eventsPerSecond":5,"eventsCounted":7,"eventsSkipped":0}""", true));
  }
}
