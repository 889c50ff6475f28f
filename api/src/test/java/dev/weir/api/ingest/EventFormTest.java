package dev.weir.api.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.api.http.ApiError;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import io.vertx.core.MultiMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the headers of a request say about its body. */
class EventFormTest {

  private static final String EVENT =
      "{\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"u\"}";

  private static MultiMap headers(String... namesAndValues) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  private static EventBatch decode(MultiMap headers, String body) {
    UUID tenant = new UUID(1, 2);
    EventDecoder.Sender sender = new EventDecoder.Sender(
        tenant, new IdentityKey(1, 2).forTenant(tenant), EventRules.NONE, 5_000);
    return EventForm.of(headers)
        .body(body.getBytes(UTF_8))
        .decode(new EventDecoder(EventLimits.DEFAULT), sender);
  }

  private static Refusal refused(MultiMap headers, String body) {
    return assertThrows(Refusal.class, () -> decode(headers, body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cloudevents+json",
        "Application/CloudEvents+JSON",
        "application/cloudevents+json; charset=utf-8",
        "application/cloudevents+json;charset=\"UTF-8\"",
        " application/json ;v=1; Charset=utf8 ",
        "application/json",
        "application/x-ndjson",
        "application/x-ndjson; charset=us-ascii",
        "application/ndjson"
      })
  void oneEventComesInManyTypes(String type) {
    EventBatch batch = decode(headers("Content-Type", type), EVENT);
    assertEquals(1, batch.count());
    assertEquals("1", batch.id(0));
  }

  @ParameterizedTest
  @CsvSource({
    "application/cloudevents-batch+json,','",
    "application/json,','",
    "application/x-ndjson,'\n'"
  })
  void manyEventsComeInThree(String type, String separator) {
    String many = EVENT + separator + EVENT.replace("1", "2");
    String body = separator.equals(",") ? "[" + many + "]" : many;
    assertEquals(2, decode(headers("Content-Type", type), body).count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "application/cloudevents",
        "application/cloudevents+avro",
        "application/cloudevents+jsonx",
        "application/xml",
        "application/json-seq",
        "application/vnd.acme+json",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x"
      })
  void anyOtherTypeIsRefusedSayingWhatToSend(String type) {
    Refusal refusal = refused(headers("Content-Type", type), EVENT);
    assertEquals(ApiError.CONTENT_TYPE_UNSUPPORTED, refusal.code());
    assertEquals("Content-Type", refusal.field());
    assertTrue(refusal.text().contains("application/cloudevents-batch+json"), refusal.text());
    assertTrue(refusal.text().contains("application/x-ndjson"), refusal.text());
    assertEquals(ApiError.CONTENT_TYPE_UNSUPPORTED, refused(headers(), EVENT).code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso-8859-1", "utf-16", "\"UTF-16\"", "windows-1252", ""})
  void anotherCharsetThanUtf8IsRefused(String charset) {
    for (String type : new String[] {
      "application/json", "application/cloudevents+json", "application/x-ndjson", "text/csv"
    }) {
      Refusal refusal = refused(headers("Content-Type", type + "; charset=" + charset), EVENT);
      assertEquals(ApiError.CONTENT_TYPE_UNSUPPORTED, refusal.code());
      assertTrue(refusal.text().contains("UTF-8"), refusal.text());
    }
  }

  @Test
  void theTypeSaysWhetherThereIsOneEventOrAnArray() {
    Refusal array =
        refused(headers("Content-Type", "application/cloudevents+json"), "[" + EVENT + "]");
    assertEquals(MeteringError.EVENT_BATCH_FORM_MISMATCH, array.code());
    assertTrue(array.text().contains("application/cloudevents-batch+json"), array.text());
    Refusal one = refused(headers("Content-Type", "application/cloudevents-batch+json"), EVENT);
    assertEquals(MeteringError.EVENT_BATCH_FORM_MISMATCH, one.code());
    assertEquals("Content-Type", one.field());
  }

  private static MultiMap binary(String... more) {
    MultiMap headers = headers(more);
    return headers
        .add("Ce-Id", "1")
        .add("CE-SOURCE", "s")
        .add("ce-type", "t")
        .add("ce-subject", "u");
  }

  @Test
  void attributesInHeadersMakeTheBodyTheData() {
    EventBatch structured = decode(
        headers("Content-Type", "application/json"), EVENT.replace("}", ",\"data\":{\"n\":1}}"));
    for (String type : new String[] {
      "application/json",
      "application/json; charset=utf-8",
      "application/vnd.acme.call+json",
      "text/json"
    }) {
      EventBatch batch = decode(binary("Content-Type", type), "{\"n\":1}");
      assertEquals(structured.payloadHash(0), batch.payloadHash(0));
      assertEquals(structured.identityHigh(0), batch.identityHigh(0));
    }
    assertEquals(structured.payloadHash(0), decode(binary(), "{\"n\":1}").payloadHash(0));
  }

  @Test
  void anEventWithoutDataNeedsNeitherBodyNorType() {
    EventBatch structured = decode(headers("Content-Type", "application/json"), EVENT);
    assertEquals(structured.payloadHash(0), decode(binary(), "").payloadHash(0));
  }

  @Test
  void aStructuredTypeOutweighsAttributesInHeaders() {
    MultiMap headers = headers("Content-Type", "application/cloudevents+json", "ce-id", "other");
    assertEquals("1", decode(headers, EVENT).id(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "application/x-ndjson",
        "application/octet-stream",
        ""
      })
  void dataInBinaryModeIsJson(String type) {
    Refusal refusal = refused(binary("Content-Type", type), "{}");
    assertEquals(ApiError.CONTENT_TYPE_UNSUPPORTED, refusal.code());
    assertTrue(refusal.text().contains("ce- headers"), refusal.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "abc|abc",
        " a b |a b",
        "a%20b|a b",
        "Euro%20%E2%82%AC%20%F0%9F%98%80|Euro € 😀",
        "%41%2f%2F|A//",
        "a%2520b|a%20b",
        "a+b|a+b",
        "a,b;c=d|a,b;c=d",
        "\"a b\"|a b",
        "\"a\\\"b\\\\c\"|a\"b\\c",
        "\"%22\"|\"",
        "\"|\"",
        "%22quoted%22|\"quoted\"",
        "/a?b=%7Bc%7D|/a?b={c}"
      })
  void headersAreDecodedOnce(String sent, String read) {
    EventBatch batch = decode(binary().set("ce-id", sent), "");
    assertEquals(read, batch.id(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100%",
        "%",
        "%4",
        "%zz",
        "%-1",
        "%C0%A0",
        "%E2%82",
        "%ff",
        "%ED%A0%80",
        "ü",
        "\u00c3\u00bc",
        "a\tb"
      })
  void aHeaderThatIsNotEncodedAsItMustIsRefusedByName(String sent) {
    Refusal refusal = refused(binary().set("Ce-Subject", sent), "{}");
    assertEquals(MeteringError.EVENT_FIELD_INVALID, refusal.code());
    assertEquals("ce-subject", refusal.field());
    assertTrue(refusal.text().contains("'ce-subject'"), refusal.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip|true",
        "GZip|true",
        "x-gzip|true",
        "identity|false",
        "|false",
        "identity, gzip|true",
        "Identity|false"
      })
  void aBodyIsGzipOrPlain(String encoding, boolean gzip) {
    MultiMap headers = headers("Content-Encoding", encoding == null ? "" : encoding);
    assertEquals(gzip, ContentEncoding.isGzip(headers));
    assertEquals(false, ContentEncoding.isGzip(headers()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br", "*"})
  void anyOtherCodingIsRefusedNamingGzip(String encoding) {
    Refusal refusal = assertThrows(
        Refusal.class, () -> ContentEncoding.isGzip(headers("Content-Encoding", encoding)));
    assertEquals(ApiError.CONTENT_ENCODING_UNSUPPORTED, refusal.code());
    assertTrue(refusal.text().contains("gzip"), refusal.text());
  }

  @Test
  void codingsInSeveralHeadersCountTogether() {
    MultiMap headers = headers("Content-Encoding", "identity", "Content-Encoding", "gzip");
    assertTrue(ContentEncoding.isGzip(headers));
    MultiMap twice = headers("Content-Encoding", "gzip", "Content-Encoding", "gzip");
    assertThrows(Refusal.class, () -> ContentEncoding.isGzip(twice));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "return=minimal|true",
        "Return = minimal|true",
        "return=\"minimal\"|true",
        "respond-async, return=minimal; foo=1|true",
        "return=representation, return=minimal|false",
        "return=minimalist|false",
        "return|false",
        "noreturn=minimal|false",
        "wait=10|false"
      })
  void minimalIsPreferredOnlyWhenItIsSaid(String prefer, boolean minimal) {
    assertEquals(minimal, Preference.isMinimal(headers("Prefer", prefer)));
    assertEquals(
        minimal, Preference.isMinimal(headers("Prefer", "handling=lenient", "Prefer", prefer)));
  }
}
