package dev.weir.metering.event;

import static dev.weir.metering.event.Decoding.rejections;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.Frames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes beside the data: the same event, by the same rules, as in one JSON object. */
class BinaryEventTest {

  private static final String SOUND =
      "id=1;source=/a;type=call;subject=acme;specversion=1.0;time=2026-03-01T00:00:00Z";

  /** Attributes as {@code name=value;name=value}. */
  private static EventBatch binary(String attributes, String data) {
    List<BinaryAttributes.Attribute> all = Arrays.stream(attributes.split(";"))
        .map(pair -> pair.split("=", 2))
        .map(pair -> new BinaryAttributes.Attribute(pair[0], pair[1]))
        .toList();
    return new EventDecoder(EventLimits.DEFAULT)
        .decodeBinary(new BinaryAttributes("ce-", all), data.getBytes(UTF_8), Decoding.sender());
  }

  /** What the journal would keep of the event. */
  private record Kept(
      String type, String subject, long timeNanos, String extensions, String data) {}

  private static Kept only(EventBatch batch) {
    List<Kept> kept = new ArrayList<>();
    Frames.read(Frames.bytes(0, 1, batch))
        .forEach(r ->
            kept.add(new Kept(r.type(), r.subject(), r.timeNanos(), r.extensions(), r.data())));
    assertEquals(1, kept.size());
    return kept.get(0);
  }

  private static void assertSame(EventBatch one, EventBatch other) {
    assertEquals(one.identityHigh(0), other.identityHigh(0));
    assertEquals(one.identityLow(0), other.identityLow(0));
    assertEquals(one.payloadHash(0), other.payloadHash(0));
  }

  @Test
  void anEventIsReadWhole() {
    EventBatch batch = binary(SOUND + ";trace=a\"b;dataschema=urn:x", " {\"n\": 1.50}\n");
    assertEquals(Verdict.ACCEPTED, batch.verdict(0));
    assertEquals("1", batch.id(0));
    assertEquals(
        new Kept(
            "call",
            "acme",
            EventTime.parseNanos("2026-03-01T00:00:00Z"),
            "{\"trace\":\"a\\\"b\",\"dataschema\":\"urn:x\"}",
            "{\"n\": 1.50}"),
        only(batch));
  }

  @Test
  void theStructuredFormOfTheSameEventIsTheSamePayload() {
    EventBatch batch =
        binary(SOUND + ";traceid=ü 1;attempt=3;replayed=true", "{\"n\":1,\"m\":[1,\"x\"]}");
    for (String extensions : List.of(
        "\"traceid\":\"ü 1\",\"attempt\":\"3\",\"replayed\":\"true\"",
        "\"replayed\":true,\"traceid\":\"\\u00fc 1\",\"attempt\":3",
        "\"attempt\":3,\"none\":null,\"replayed\":true,\"traceid\":\"ü 1\"")) {
      assertSame(batch, Decoding.json("""
          {%s,"data":{"m":[1,"x"],"n":1},"time":"2026-03-01T01:00:00+01:00","subject":"acme",
           "type":"call","source":"/a","id":"1","datacontenttype":"application/json"}""".formatted(extensions)));
    }
  }

  @Test
  void extensionsInAnotherOrderAreTheSamePayloadAndOtherOnesAreNot() {
    EventBatch batch = binary(SOUND + ";a=1;b=2", "{}");
    assertSame(batch, binary("b=2;" + SOUND + ";a=1", " { } "));
    for (String other :
        List.of("a=2;b=1", "a=1", "a=1;b=2;c=3", "a=1;c=2", "a=1;b=2.0", "a=1;b=")) {
      assertNotEquals(
          batch.payloadHash(0), binary(SOUND + ";" + other, "{}").payloadHash(0), other);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \r\n\t", "null", "\ufeff", "\ufeffnull"})
  void anEventMayHaveNoData(String body) {
    EventBatch batch = binary(SOUND, body);
    assertEquals("", only(batch).data());
    assertSame(batch, Decoding.json("""
        {"id":"1","source":"/a","type":"call","subject":"acme","time":"2026-03-01T00:00:00Z"}"""));
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheData() {
    assertEquals("{\"n\":1}", only(binary(SOUND, "\ufeff{\"n\":1}")).data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "source=s;type=t;subject=u|EVENT_FIELD_MISSING|ce-id",
        "id=;source=s;type=t;subject=u|EVENT_FIELD_MISSING|ce-id",
        "id=1;type=t;subject=u|EVENT_FIELD_MISSING|ce-source",
        "id=1;source=s;subject=u|EVENT_FIELD_MISSING|ce-type",
        "id=1;source=s;type=t|EVENT_FIELD_MISSING|ce-subject",
        "id=1;id=1;source=s;type=t;subject=u|EVENT_FIELD_INVALID|ce-id",
        "id=1;source=s;type=t;subject=u;subject=v|EVENT_FIELD_INVALID|ce-subject",
        "id=1;source=s;type=t;subject=u;specversion=0.3|EVENT_SPECVERSION_UNSUPPORTED|ce-specversion",
        "id=1;source=s;type=t;subject=u;time=today|EVENT_TIME_INVALID|ce-time",
        "id=1;source=s;type=t;subject=u;time=|EVENT_TIME_INVALID|ce-time",
        "id=1;source=s;type=t;subject=u;x=1;x=1|EVENT_FIELD_INVALID|ce-x",
        "id=1;source=s;type=t;subject=u;time=2026-03-01T00:00:00Z;time=2026-03-01T00:00:00Z|EVENT_FIELD_INVALID|ce-time",
        "id=1;source=s;type=t;subject=u;datacontenttype=text/plain|EVENT_DATA_INVALID|ce-datacontenttype"
      })
  void everyFaultHasItsCodeAndHeader(String attributes, String code, String header) {
    EventBatch batch = binary(attributes, "{}");
    assertEquals(List.of("0 " + code + " " + header), rejections(batch));
    String message = batch.rejections().get(0).rejection().message();
    assertTrue(message.contains(header) || code.equals("EVENT_DATA_INVALID"), message);
  }

  @Test
  void tooManyExtensionsAreRejectedNamingTheHeader() {
    EventBatch batch = binary(SOUND + ";big=" + "x".repeat(EventLimits.EXTENSIONS_BYTES_MAX), "{}");
    assertEquals(List.of("0 EVENT_TOO_LARGE ce-big"), rejections(batch));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "\"x\"", "true", "[{\"n\":1}]"})
  void dataOtherThanAnObjectIsRejected(String body) {
    assertEquals(List.of("0 EVENT_DATA_INVALID data"), rejections(binary(SOUND, body)));
  }

  /** Were the two put together as text, a body could add attributes of its own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{},\"id\":\"2\"",
        "{}{}",
        "{} 1",
        "{",
        "{\"a\":1",
        "{\"a\":\"x",
        "\"x",
        "x",
        "{}}",
        "1,\"subject\":\"v\"",
        "null,\"subject\":\"v\""
      })
  void aBodyThatIsNotOneJsonValueIsRefused(String body) {
    Refusal refusal = assertThrows(Refusal.class, () -> binary(SOUND, body));
    assertEquals(MeteringError.JSON_MALFORMED, refusal.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data_base64", ""})
  void dataIsNoAttribute(String name) {
    Refusal refusal = assertThrows(Refusal.class, () -> binary(SOUND + ";" + name + "=x", "{}"));
    assertEquals(MeteringError.EVENT_FIELD_INVALID, refusal.code());
    assertEquals("ce-" + name, refusal.field());
  }

  @ParameterizedTest
  @CsvSource({
    "application/json,true",
    "Application/JSON; charset=utf-8,true",
    "text/json,true",
    "application/vnd.acme.call+json;v=1,true",
    "application/jsonp,false",
    "application/json-seq,false",
    "json,false",
    "+json,false",
    "'',false"
  })
  void someMediaTypesAreJson(String mediaType, boolean json) {
    assertEquals(json, JsonMediaType.matches(mediaType));
  }
}
