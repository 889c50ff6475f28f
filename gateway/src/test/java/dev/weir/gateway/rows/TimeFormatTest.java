package dev.weir.gateway.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {

  private static final TimeFormat UTC = TimeFormat.iso(ZoneOffset.UTC);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

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
    assertEquals(Instant.parse(instant), UTC.parse(text));
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
    assertNull(UTC.parse(text));
  }

  @Test
  void aTimeWithoutAnOffsetIsInTheGivenZone() {
    assertEquals(
        Instant.parse("2026-07-01T10:00:00Z"),
        TimeFormat.iso(ZoneId.of("Europe/Berlin")).parse("2026-07-01 12:00"));
  }

  @Test
  void aSkippedLocalTimeIsNoneAndOfARepeatedOneTheFirstIsMeant() {
    TimeFormat berlin = TimeFormat.iso(BERLIN);
    assertNull(berlin.parse("2026-03-29 02:30"));
    assertEquals(Instant.parse("2026-10-25T00:30:00Z"), berlin.parse("2026-10-25 02:30"));
    assertEquals(Instant.parse("2026-10-25T01:30:00Z"), berlin.parse("2026-10-25 02:30+01:00"));
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-seconds,1700158546,2023-11-16T18:15:46Z",
    "epoch-seconds,1700158546.680590123,2023-11-16T18:15:46.680590123Z",
    "epoch-millis,1700158546680,2023-11-16T18:15:46.680Z",
    "epoch-millis,1700158546680.5,2023-11-16T18:15:46.680500Z",
    "epoch-micros,1700158546680590,2023-11-16T18:15:46.680590Z",
    "dd/MM/yyyy HH:mm:ss,16/11/2023 18:15:46,2023-11-16T18:15:46Z",
    "'MMM d, yyyy',' nov 6, 2023 ',2023-11-06T00:00:00Z",
    "yyyyMMdd'T'HHmmssX,20231116T181546+02,2023-11-16T16:15:46Z"
  })
  void otherFormatsAreReadByName(String format, String text, String instant) {
    assertEquals(Instant.parse(instant), TimeFormat.of(format, ZoneOffset.UTC).parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-seconds,1700158546.1234567891",
    "epoch-micros,1700158546680590.1234",
    "epoch-seconds,-1",
    "epoch-millis,soon",
    "epoch-seconds,999999999999999999",
    "dd/MM/yyyy,31/02/2023",
    "dd/MM/yyyy,2023-11-16",
    "HH:mm,12:30"
  })
  void whatDoesNotFitTheFormatIsNoTime(String format, String text) {
    assertNull(TimeFormat.of(format, ZoneOffset.UTC).parse(text));
  }

  @Test
  void aPatternThatIsNoneIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> TimeFormat.of("tomorrow{", ZoneOffset.UTC));
  }
}
