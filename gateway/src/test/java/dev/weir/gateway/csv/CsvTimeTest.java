package dev.weir.gateway.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTimeTest {

  @ParameterizedTest
  @CsvSource({
    "2023-11-16 18:15:46.6805900,2023-11-16T18:15:46.680590Z",
    "2023-11-16 18:15:46.6805907,2023-11-16T18:15:46.680590700Z",
    "2023-11-16T18:15:46Z,2023-11-16T18:15:46Z",
    "2023-11-16t18:15z,2023-11-16T18:15:00Z",
    "2023-11-16 18:15:46+02:00,2023-11-16T16:15:46Z",
    "2023-11-16 18:15:46 -0530,2023-11-16T23:45:46Z",
    "2023-11-16T18:15:46.1+02,2023-11-16T16:15:46.100Z",
    "2023-11-16,2023-11-16T00:00:00Z"
  })
  void usualTimesAreReadWithAllTheirDigits(String text, String instant) {
    assertEquals(Instant.parse(instant), CsvTime.parse(text, ZoneOffset.UTC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "374",
        "2023",
        "2023-13-01",
        "2023-02-30",
        "2023-11-16 25:00",
        "16/11/2023",
        "2023-11-16 18:15:46.",
        "2023-11-16 18:15:46.1234567890",
        "2023-11-16 18:15:46+99:00",
        "2023-11-16 18:15 x",
        "٢٠٢٣-١١-١٦"
      })
  void anythingElseIsNoTime(String text) {
    assertNull(CsvTime.parse(text, ZoneOffset.UTC));
  }

  @Test
  void aTimeWithoutAnOffsetIsInTheGivenZone() {
    assertEquals(
        Instant.parse("2026-07-01T10:00:00Z"),
        CsvTime.parse("2026-07-01 12:00", ZoneId.of("Europe/Berlin")));
  }
}
