package dev.weir.metering.event;

import static dev.weir.metering.event.Decoding.event;
import static dev.weir.metering.event.Decoding.json;
import static dev.weir.metering.event.Decoding.lines;
import static dev.weir.metering.event.Decoding.rejections;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Frames;
import dev.weir.metering.meter.JsonPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {

  /** What the journal would keep of an event. */
  private record Kept(
      String id, String type, String subject, long timeNanos, String extensions, String data) {}

  private static List<Kept> kept(EventBatch batch) {
    List<Kept> kept = new ArrayList<>();
    Frame frame = Frames.read(Frames.bytes(0, 1, batch));
    frame.forEach(r ->
        kept.add(new Kept(r.id(), r.type(), r.subject(), r.timeNanos(), r.extensions(), r.data())));
    return kept;
  }

  private static List<String> keptIds(EventBatch batch) {
    return kept(batch).stream().map(Kept::id).toList();
  }

  /** Rules of a tenant with one meter that sums {@code $.n}. */
  private static final EventRules SUM_OF_N = new EventRules() {
    private final PathTree tree = new PathTree();

    {
      tree.add(JsonPath.parse("$.n", "valueProperty"));
    }

    @Override
    public PathTree paths(String type) {
      return tree;
    }

    @Override
    public @Nullable Rejection check(String type, Scalars scalars) {
      if (scalars.isMissing(0)) {
        return new Rejection(MeteringError.EVENT_VALUE_MISSING, "data.n", "missing");
      }
      return scalars.decimal(0) == null
          ? new Rejection(MeteringError.EVENT_VALUE_INVALID, "data.n", "invalid")
          : null;
    }
  };

  private static EventBatch metered(String body) {
    return json(body.getBytes(UTF_8), SUM_OF_N);
  }

  private static Refusal refused(String body) {
    return assertThrows(Refusal.class, () -> json(body));
  }

  @Test
  void oneEventIsReadWhole() {
    EventBatch batch = json("""
        {"specversion":"1.0","id":"1","source":"/a","type":"call","subject":"acme",
         "time":"2026-03-01T00:00:01.5+01:00","datacontenttype":"application/json; charset=utf-8",
         "data": { "n" : 1.50, "s":"ü\\u00e9😀" }}""");
    assertEquals(1, batch.count());
    assertEquals(Verdict.ACCEPTED, batch.verdict(0));
    assertEquals(
        List.of(new Kept(
            "1",
            "call",
            "acme",
            EventTime.parseNanos("2026-02-28T23:00:01.5Z"),
            "",
            "{ \"n\" : 1.50, \"s\":\"ü\\u00e9😀\" }")),
        kept(batch));
  }

  @Test
  void anArrayKeepsItsOrderAndRejectsOnlyBadEvents() {
    EventBatch batch =
        json("[" + event("a") + ",7," + event("b") + ",{},null,[[1]],\"x\"," + event("c") + "]");
    assertEquals(List.of("a", "b", "c"), keptIds(batch));
    assertEquals(
        List.of(
            "1 EVENT_NOT_AN_OBJECT null",
            "3 EVENT_FIELD_MISSING id",
            "4 EVENT_NOT_AN_OBJECT null",
            "5 EVENT_NOT_AN_OBJECT null",
            "6 EVENT_NOT_AN_OBJECT null"),
        rejections(batch));
    assertEquals("c", batch.id(7));
    assertNull(batch.id(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'source':'s','type':'t','subject':'u'|EVENT_FIELD_MISSING|id",
        "'id':'','source':'s','type':'t','subject':'u'|EVENT_FIELD_MISSING|id",
        "'id':null,'source':'s','type':'t','subject':'u'|EVENT_FIELD_MISSING|id",
        "'id':'1','type':'t','subject':'u'|EVENT_FIELD_MISSING|source",
        "'id':'1','source':'s','subject':'u'|EVENT_FIELD_MISSING|type",
        "'id':'1','source':'s','type':'t'|EVENT_FIELD_MISSING|subject",
        "'id':1,'source':'s','type':'t','subject':'u'|EVENT_FIELD_INVALID|id",
        "'id':['1'],'source':'s','type':'t','subject':'u'|EVENT_FIELD_INVALID|id",
        "'id':'1','source':{},'type':'t','subject':'u'|EVENT_FIELD_INVALID|source",
        "'id':'1','source':'s','type':true,'subject':'u'|EVENT_FIELD_INVALID|type",
        "'id':'1','source':'s','type':'t','subject':2|EVENT_FIELD_INVALID|subject",
        "'id':'1','id':'2','source':'s','type':'t','subject':'u'|EVENT_FIELD_INVALID|id",
        "'id':'1','source':'s','source':'s','type':'t','subject':'u'|EVENT_FIELD_INVALID|source",
        "'id':'\\u0000','source':'s','type':'t','subject':'u'|EVENT_FIELD_INVALID|id",
        "'id':'\\ud800','source':'s','type':'t','subject':'u'|EVENT_FIELD_INVALID|id",
        "'id':'1','source':'\\udc00x','type':'t','subject':'u'|EVENT_FIELD_INVALID|source",
        "'id':'1','source':'s','type':'t\\ud800','subject':'u'|EVENT_FIELD_INVALID|type",
        "'id':'1','source':'s','type':'t','subject':'\\udbff\\ud800'|EVENT_FIELD_INVALID|subject",
        "'id':'1','source':'s','type':'t','subject':'u','specversion':'0.3'|EVENT_SPECVERSION_UNSUPPORTED|specversion",
        "'id':'1','source':'s','type':'t','subject':'u','specversion':1.0|EVENT_SPECVERSION_UNSUPPORTED|specversion",
        "'id':'1','source':'s','type':'t','subject':'u','time':'yesterday'|EVENT_TIME_INVALID|time",
        "'id':'1','source':'s','type':'t','subject':'u','time':1772712000|EVENT_TIME_INVALID|time",
        "'id':'1','source':'s','type':'t','subject':'u','time':{'a':[1]}|EVENT_TIME_INVALID|time",
        "'id':'1','source':'s','type':'t','subject':'u','data':5|EVENT_DATA_INVALID|data",
        "'id':'1','source':'s','type':'t','subject':'u','data':[{}]|EVENT_DATA_INVALID|data",
        "'id':'1','source':'s','type':'t','subject':'u','data':'{}'|EVENT_DATA_INVALID|data",
        "'id':'1','source':'s','type':'t','subject':'u','data_base64':'e30='|EVENT_DATA_INVALID|data_base64",
        "'id':'1','source':'s','type':'t','subject':'u','datacontenttype':'text/plain'|EVENT_DATA_INVALID|datacontenttype",
        "'id':'1','source':'s','type':'t','subject':'u','data':{'a':NaN}|EVENT_DATA_INVALID|data",
        "'id':'1','source':'s','type':'t','subject':'u','data':{'a':[1,-Infinity]}|EVENT_DATA_INVALID|data",
        "'id':'1','source':'s','type':'t','subject':'u','x':NaN|EVENT_DATA_INVALID|x"
      })
  void everyFaultHasItsCodeAndFieldAndHarmsNoNeighbour(String members, String code, String field) {
    String bad = "{" + members.replace('\'', '"') + "}";
    EventBatch batch = json("[" + event("before") + "," + bad + "," + event("after") + "]");
    assertEquals(List.of("1 " + code + " " + field), rejections(batch));
    assertEquals(List.of("before", "after"), keptIds(batch));
    assertTrue(batch.rejections().get(0).rejection().message().length() > 15);
    assertEquals(
        List.of("0 " + code + " " + field), rejections(lines(bad + "\n" + event("after"))));
  }

  @ParameterizedTest
  @CsvSource({"id,1024", "source,1024", "type,512", "subject,512"})
  void namesAreBoundedInUtf8Bytes(String field, int bytesMax) {
    String longest = "é".repeat(bytesMax / 2);
    String template = "{\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"u\"}";
    String was = template.replaceAll(".*\"" + field + "\":\"(.)\".*", "$1");
    String key = "\"" + field + "\":\"";
    String fits = template.replace(key + was, key + longest);
    String over = template.replace(key + was, key + longest + "x");
    EventBatch batch = json("[" + over + "," + fits + "]");
    assertEquals(List.of("0 EVENT_FIELD_INVALID " + field), rejections(batch));
    assertEquals(1, kept(batch).size());
  }

  @Test
  void extensionsAreKeptAsSentAndBounded() {
    EventBatch batch = json("""
        [{"a":1.0,"id":"1","source":"s","type":"t","subject":"u","tr\\"ä":"x\\ny","o":{ "p" : [1, 2]},"b":true},
         {"id":"2","source":"s","type":"t","subject":"u","big":"%s"},
         {"id":"3","source":"s","type":"t","subject":"u","z":-1.5e3}]
        """.formatted("x".repeat(EventLimits.EXTENSIONS_BYTES_MAX)));
    assertEquals(List.of("1 EVENT_TOO_LARGE big"), rejections(batch));
    assertEquals(
        List.of(
            "{\"a\":1.0,\"tr\\\"ä\":\"x\\ny\",\"o\":{ \"p\" : [1, 2]},\"b\":true}",
            "{\"z\":-1.5e3}"),
        kept(batch).stream().map(Kept::extensions).toList());
  }

  @Test
  void anEventWithoutTimeHappensWhenItIsReceived() {
    EventBatch batch = json("""
        [{"id":"1","source":"s","type":"t","subject":"u"},
         {"id":"2","source":"s","type":"t","subject":"u","time":null,"data":null}]""");
    assertEquals(
        List.of(Decoding.RECEIVED_NANOS, Decoding.RECEIVED_NANOS),
        kept(batch).stream().map(Kept::timeNanos).toList());
    assertEquals(List.of("", ""), kept(batch).stream().map(Kept::data).toList());
  }

  private static long payload(String data) {
    return json(event("1", "2026-03-01T00:00:00Z", data)).payloadHash(0);
  }

  @Test
  void thePayloadHashIgnoresWhiteSpaceAndMemberOrderOnly() {
    long hash = payload("{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":null}],\"e\":\"x\"}}");
    assertEquals(
        hash, payload(" {\n\"b\" : {\"e\":\"\\u0078\", \"c\":[ 1,2 ,{\"d\": null}]},\t\"a\":1 }"));
    List<String> others = List.of(
        "{}",
        "{\"a\":2,\"b\":{\"c\":[1,2,{\"d\":null}],\"e\":\"x\"}}",
        "{\"a\":1.0,\"b\":{\"c\":[1,2,{\"d\":null}],\"e\":\"x\"}}",
        "{\"a\":\"1\",\"b\":{\"c\":[1,2,{\"d\":null}],\"e\":\"x\"}}",
        "{\"a\":1,\"b\":{\"c\":[2,1,{\"d\":null}],\"e\":\"x\"}}",
        "{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":false}],\"e\":\"x\"}}",
        "{\"a\":1,\"b\":{\"c\":[1,2,{}],\"e\":\"x\"}}",
        "{\"a\":1,\"b\":{\"c\":[1,2,[]],\"e\":\"x\"}}",
        "{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":null}]},\"e\":\"x\"}",
        "{\"b\":1,\"a\":{\"c\":[1,2,{\"d\":null}],\"e\":\"x\"}}",
        "{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":null}],\"e\":\"y\"}}");
    for (String other : others) {
      assertNotEquals(hash, payload(other), other);
    }
  }

  @Test
  void thePayloadIncludesTypeSubjectTimeAndExtensionsButNotAFilledInTime() {
    String base = "{\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"u\",\"x\":1}";
    long hash = json(base).payloadHash(0);
    EventDecoder decoder = new EventDecoder(EventLimits.DEFAULT);
    assertEquals(
        hash,
        decoder
            .decodeJson(base.getBytes(UTF_8), Decoding.sender(EventRules.NONE, 5))
            .payloadHash(0));
    assertNotEquals(hash, json(base.replace("\"t\"", "\"tt\"")).payloadHash(0));
    assertNotEquals(hash, json(base.replace("\"u\"", "\"uu\"")).payloadHash(0));
    assertNotEquals(hash, json(base.replace("\"x\":1", "\"x\":2")).payloadHash(0));
    assertNotEquals(hash, json(base.replace("\"x\":1", "\"y\":1")).payloadHash(0));
    assertNotEquals(
        hash,
        json(base.replace("\"x\":1", "\"x\":1,\"time\":\"2026-03-05T12:00:00Z\""))
            .payloadHash(0));
  }

  @Test
  void theIdentityIsSourceAndIdAndNothingElse() {
    EventBatch batch = json("""
        [{"id":"1","source":"s","type":"t","subject":"u"},
         {"id":"1","source":"s","type":"other","subject":"x","time":"2020-01-01T00:00:00Z"},
         {"id":"s1","source":"","type":"t","subject":"u"},
         {"id":"1s","source":"s","type":"t","subject":"u"},
         {"id":"s","source":"1","type":"t","subject":"u"}]""");
    assertEquals(batch.identityHigh(0), batch.identityHigh(1));
    assertEquals(batch.identityLow(0), batch.identityLow(1));
    assertEquals(List.of("2 EVENT_FIELD_MISSING source"), rejections(batch));
    assertNotEquals(batch.identityLow(0), batch.identityLow(3));
    assertNotEquals(batch.identityLow(0), batch.identityLow(4));
  }

  @Test
  void aBrokenArrayRefusesTheRequestWithThePlace() {
    for (String body : List.of(
        "[" + event("1") + "," + event("2"),
        "[" + event("1") + "," + event("2") + ",",
        "[" + event("1") + " " + event("2") + "]",
        "[" + event("1") + ",{\"id\":\"2\"]",
        "[" + event("1") + ",{\"id\":\"2]",
        "{\"id\":",
        "nonsense",
        "{\"id\":\"1\u0001\"}")) {
      Refusal refusal = refused(body);
      assertEquals(MeteringError.JSON_MALFORMED, refusal.code(), body);
      assertTrue(refusal.text().contains("line 1, column"), refusal.text());
    }
  }

  @Test
  void moreAfterTheFirstValueIsRefused() {
    assertEquals(
        MeteringError.JSON_MALFORMED, refused(event("1") + "\n" + event("2")).code());
    assertEquals(MeteringError.JSON_MALFORMED, refused("[" + event("1") + "][]").code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\r\n\t", "[]", " [ ] "})
  void aBodyWithoutEventsIsRefused(String body) {
    assertEquals(MeteringError.EVENT_BATCH_EMPTY, refused(body).code());
  }

  @Test
  void linesWithoutEventsAreRefused() {
    assertEquals(
        MeteringError.EVENT_BATCH_EMPTY,
        assertThrows(Refusal.class, () -> lines("\n \r\n\t\n")).code());
    assertEquals(
        MeteringError.EVENT_BATCH_EMPTY,
        assertThrows(Refusal.class, () -> lines("")).code());
  }

  @Test
  void tooManyEventsAreRefusedAndTheMostAllowedAreTaken() {
    String most =
        IntStream.range(0, 10_000).mapToObj(i -> event("e" + i)).collect(Collectors.joining(","));
    assertEquals(10_000, json("[" + most + "]").count());
    assertEquals(
        MeteringError.EVENT_BATCH_TOO_MANY,
        refused("[" + most + "," + event("x") + "]").code());
    String lines = most.replace("},{", "}\n{");
    assertEquals(10_000, lines(lines).count());
    for (String extra : List.of(event("x"), "garbage", "7")) {
      assertEquals(
          MeteringError.EVENT_BATCH_TOO_MANY,
          assertThrows(Refusal.class, () -> lines(lines + "\n" + extra)).code());
    }
  }

  @Test
  void aBrokenLineRejectsOnlyItself() {
    EventBatch batch = lines(String.join(
        "\r\n",
        "",
        event("1"),
        "{\"id\":\"unclosed\"",
        event("2"),
        "garbage",
        "   ",
        "{\"id\":\"cut string",
        event("3"),
        "{\"id\":\"x\",\"data\":",
        event("4"),
        "[" + event("array") + "]",
        event("5") + " trailing garbage",
        "}",
        "]",
        "{\"data\":[[[",
        event("6")));
    assertEquals(List.of("1", "2", "3", "4", "5", "6"), keptIds(batch));
    assertEquals(
        List.of(
            "1 JSON_MALFORMED null",
            "3 JSON_MALFORMED null",
            "4 JSON_MALFORMED null",
            "6 JSON_MALFORMED null",
            "8 EVENT_NOT_AN_OBJECT null",
            "10 JSON_MALFORMED null",
            "11 JSON_MALFORMED null",
            "12 JSON_MALFORMED null",
            "13 JSON_MALFORMED null"),
        rejections(batch));
  }

  @Test
  void aBrokenLineAtTheEndRejectsOnlyItself() {
    for (String end :
        List.of("{", "{\"id\":", "x", "{\"id\":\"1\"", "\"", "[[[[", "\u0000", "\u0000{")) {
      EventBatch batch = lines(event("1") + "\n" + end);
      assertEquals(List.of("1"), keptIds(batch), end);
      assertEquals(List.of("1 JSON_MALFORMED null"), rejections(batch), end);
    }
  }

  @Test
  void aLineOfForeignBytesDoesNotChangeHowTheNextAreRead() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] line : List.of(
        event("1").getBytes(UTF_8),
        new byte[] {(byte) 0xfe, (byte) 0xff, 0, '{'},
        event("2").getBytes(UTF_8),
        new byte[] {0, '{', 0, '}'},
        new byte[] {'{', 0, '}', 0},
        new byte[] {(byte) 0xc3, '('},
        event("3").getBytes(UTF_8))) {
      body.writeBytes(line);
      body.write('\n');
    }
    EventBatch batch = lines(body.toByteArray());
    assertEquals(List.of("1", "2", "3"), keptIds(batch));
    assertEquals(4, batch.rejections().size());
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    String body = "\ufeff" + event("1", "2026-03-01T00:00:00Z", "{\"n\":1}");
    for (EventBatch batch : List.of(json(body), lines(body), lines(body + "\nx\n" + event("2")))) {
      Kept first = kept(batch).get(0);
      assertEquals("1", first.id());
      assertEquals("{\"n\":1}", first.data());
    }
  }

  @Test
  void anotherEncodingThanUtf8IsRefusedAndNeverReadAsAnEventWithoutData() {
    String body = "[" + event("1", "2026-03-01T00:00:00Z", "{\"n\":1}") + "]";
    for (Charset charset : List.of(
        StandardCharsets.UTF_16,
        StandardCharsets.UTF_16BE,
        StandardCharsets.UTF_16LE,
        Charset.forName("UTF-32"))) {
      Refusal refusal = assertThrows(
          Refusal.class, () -> json(body.getBytes(charset), EventRules.NONE), charset.name());
      assertEquals(MeteringError.JSON_MALFORMED, refusal.code());
    }
  }

  private static byte[] withForeignByte(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '#' ? (byte) 0xff : bytes[i];
    }
    return bytes;
  }

  @Test
  void malformedUtf8RejectsOnlyItsEvent() {
    Refusal alone =
        assertThrows(Refusal.class, () -> json(withForeignByte(event("#")), EventRules.NONE));
    assertEquals(MeteringError.JSON_MALFORMED, alone.code());
    EventBatch lines = lines(withForeignByte(event("#") + "\n" + event("good")));
    assertEquals(List.of("good"), keptIds(lines));
    assertEquals(List.of("0 JSON_MALFORMED null"), rejections(lines));

    String one = event("1", "2026-03-01T00:00:00Z", "{\"n\":1}");
    String two = event("2", "2026-03-01T00:00:00Z", "{\"n\":2}");
    String bad = event("b", "2026-03-01T00:00:00Z", "{\"a]\\\"}\":[{},\"#\"],\"b\":\"}\"}");
    EventBatch batch = json(
        withForeignByte(
            "\ufeff [" + bad + ",\n" + one + "," + bad + " , \"#\"," + two + ",7," + bad + " ]\n"),
        EventRules.NONE);
    assertEquals(
        List.of(
            "0 JSON_MALFORMED null",
            "2 JSON_MALFORMED null",
            "3 JSON_MALFORMED null",
            "5 EVENT_NOT_AN_OBJECT null",
            "6 JSON_MALFORMED null"),
        rejections(batch));
    assertEquals(List.of("1", "2"), keptIds(batch));
    assertEquals(
        List.of("{\"n\":1}", "{\"n\":2}"), kept(batch).stream().map(Kept::data).toList());
  }

  @Test
  void anArrayThatIsBrokenBesidesIsRefusedWithThePlace() {
    String bad = event("#");
    for (String body : List.of(
        "[" + bad,
        "[" + bad + ",",
        "[" + bad + ",]",
        "[" + bad + "]]",
        "[" + bad + "}",
        "[" + bad + " " + event("1") + "]",
        "[{\"id\":\"#\"," + event("1") + "]",
        "[{\"id\":\"#," + event("1") + "]",
        "[" + bad + "," + event("1") + "\n,nonsense]",
        "[#]")) {
      Refusal refusal =
          assertThrows(Refusal.class, () -> json(withForeignByte(body), EventRules.NONE), body);
      assertEquals(MeteringError.JSON_MALFORMED, refusal.code(), body);
      int line = body.contains("nonsense") ? 2 : 1;
      assertTrue(refusal.text().contains("at line " + line + ", column"), refusal.text());
    }
  }

  @Test
  void manyBrokenEventsCostNoMoreThanTheirBytes() {
    String body = "[" + ("{\"#\":" + "[".repeat(300) + "]".repeat(300) + "},").repeat(9_999)
        + event("last") + "]";
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
      EventBatch batch = json(withForeignByte(body), EventRules.NONE);
      assertEquals(10_000, batch.count());
      assertEquals(List.of("last"), keptIds(batch));
    });
    assertEquals(
        MeteringError.EVENT_BATCH_TOO_MANY,
        assertThrows(
                Refusal.class,
                () -> json(
                    withForeignByte("[" + "{\"#\":1},".repeat(10_000) + "1]"), EventRules.NONE))
            .code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "1e-400",
        "1e999999999",
        "-1e-999999999",
        "1e99999999999",
        "\"1e999999999\"",
        "\"NaN\"",
        "\"\"",
        "\" 1\"",
        "true",
        "0.1234567890123456789",
        "123456789012345678901234567890123456789"
      })
  void aValueThatIsNoDecimalWithinBoundsRejectsOnlyItsEvent(String value) {
    String good = event("good", "2026-03-01T00:00:00Z", "{\"n\":\"12.5\"}");
    String bad = event("bad", "2026-03-01T00:00:00Z", "{\"n\":" + value + "}");
    // Members in another order: the type after the data.
    String swapped = "{\"data\":{\"n\":" + value
        + "},\"type\":\"t\",\"id\":\"x\",\"source\":\"s\",\"subject\":\"u\"}";
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
      EventBatch batch = metered("[" + bad + "," + good + "," + swapped + "]");
      assertEquals(
          List.of("0 EVENT_VALUE_INVALID data.n", "2 EVENT_VALUE_INVALID data.n"),
          rejections(batch));
      assertEquals(List.of("good"), keptIds(batch));
    });
  }

  @Test
  void hugeNumbersAreMeasuredBeforeTheyAreConverted() {
    String digits = "7".repeat(100_000);
    for (String value :
        List.of(digits, "-" + digits, digits + ".5", "0." + digits, "1e" + digits)) {
      String bad = event("bad", "2026-03-01T00:00:00Z", "{\"n\":" + value + "}");
      String unmetered = event("kept", "2026-03-01T00:00:00Z", "{\"n\":1,\"m\":" + value + "}");
      String swapped = "{\"data\":{\"n\":" + value
          + "},\"type\":\"t\",\"id\":\"x\",\"source\":\"s\",\"subject\":\"u\"}";
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
        EventBatch batch = metered("[" + bad + "," + unmetered + "," + swapped + "]");
        assertEquals(
            List.of("0 EVENT_VALUE_INVALID data.n", "2 EVENT_VALUE_INVALID data.n"),
            rejections(batch));
        assertEquals(List.of("kept"), keptIds(batch));
      });
    }
  }

  @Test
  void aLongMemberNameHarmsNobody() {
    String name = "k".repeat(200_000);
    EventBatch batch = metered("["
        + event("1", "2026-03-01T00:00:00Z", "{\"n\":1,\"" + name + "\":1}")
        + ","
        + event("2", "2026-03-01T00:00:00Z", "{\"n\":2}")
        + "]");
    assertEquals(List.of("1", "2"), keptIds(batch));
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  @Test
  void dataIsTakenToItsDepthBoundAndRejectedBeyond() {
    EventBatch batch = json("["
        + event("fits", "2026-03-01T00:00:00Z", nested(DataWalk.DEPTH_MAX))
        + ","
        + event("deep", "2026-03-01T00:00:00Z", nested(DataWalk.DEPTH_MAX + 1))
        + ","
        + event("deeper", "2026-03-01T00:00:00Z", nested(9_000))
        + ","
        + event("abyss", "2026-03-01T00:00:00Z", nested(50_000))
        + ","
        + event("after")
        + ","
        + "[".repeat(10_000)
        + "]".repeat(10_000)
        + "]");
    assertEquals(
        List.of(
            "1 EVENT_DATA_INVALID data",
            "2 EVENT_DATA_INVALID data",
            "3 JSON_MALFORMED null",
            "5 JSON_MALFORMED null"),
        rejections(batch));
    assertEquals(List.of("fits", "after"), keptIds(batch));
  }

  @Test
  void aDepthBombIsRefusedQuickly() {
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
      String bomb = "[".repeat(4_000_000);
      assertEquals(MeteringError.JSON_MALFORMED, refused("[{\"data\":" + bomb).code());
      assertEquals(MeteringError.JSON_MALFORMED, refused(bomb).code());
      EventBatch batch = lines("{\"x\":" + bomb + "\n" + event("1"));
      assertEquals(List.of("1"), keptIds(batch));
    });
  }

  @Test
  void manyUnclosedLinesCostNoMoreThanTheirBytes() {
    // Each line opens an array that the following lines would go on; read from each line to the end
    // this would be 40 billion bytes.
    String line = "[" + "1,".repeat(400);
    String body = (line + "\n").repeat(9_999) + event("last");
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
      EventBatch batch = lines(body);
      assertEquals(10_000, batch.count());
      assertEquals(9_999, batch.rejections().size());
      assertEquals(List.of("last"), keptIds(batch));
    });
  }

  @Test
  void theTypeMayComeAfterTheData() {
    EventBatch batch = metered(
        "[{\"data\":{\"x\":[1,2],\"n\":5},\"type\":\"t\",\"id\":\"1\",\"source\":\"s\",\"subject\":\"u\"},"
            + "{\"data\":{\"x\":5},\"type\":\"t\",\"id\":\"2\",\"source\":\"s\",\"subject\":\"u\"},"
            + "{\"type\":\"t\",\"id\":\"3\",\"source\":\"s\",\"subject\":\"u\"}]");
    assertEquals(
        List.of("1 EVENT_VALUE_MISSING data.n", "2 EVENT_VALUE_MISSING data.n"), rejections(batch));
    assertEquals(
        List.of("{\"x\":[1,2],\"n\":5}"), kept(batch).stream().map(Kept::data).toList());
  }

  @Test
  void theSameEventInAnotherMemberOrderIsTheSamePayload() {
    EventBatch batch = metered(
        "[{\"data\":{\"n\":5},\"type\":\"t\",\"id\":\"1\",\"source\":\"s\",\"subject\":\"u\",\"x\":2},"
            + "{\"x\":2,\"subject\":\"u\",\"source\":\"s\",\"id\":\"1\",\"type\":\"t\",\"data\":{\"n\":5}}]");
    assertEquals(batch.payloadHash(0), batch.payloadHash(1));
    assertEquals(batch.identityLow(0), batch.identityLow(1));
  }
}
