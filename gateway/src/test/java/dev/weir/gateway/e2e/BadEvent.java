package dev.weir.gateway.e2e;

import java.util.ArrayList;
import java.util.List;

/**
 * An event that must be rejected, and that alone.
 *
 * @param json the event; {@code %s} stands for an id of its own
 * @param field empty where the rejection is about no single field
 */
record BadEvent(String name, String json, String code, String field) {

  private static final String MISSING = "EVENT_FIELD_MISSING";
  private static final String INVALID = "EVENT_FIELD_INVALID";
  private static final String DATA = "EVENT_DATA_INVALID";
  private static final String VALUE = "EVENT_VALUE_INVALID";
  private static final String TIME = "EVENT_TIME_INVALID";

  /** Events for the meter {@code tokens}, which sums {@code $.tokens}. */
  static List<BadEvent> all() {
    List<BadEvent> events = new ArrayList<>(attributes());
    events.addAll(times());
    events.addAll(datas());
    events.addAll(values());
    return events;
  }

  private static List<BadEvent> attributes() {
    String tooLong = "\"" + "x".repeat(20_000) + "\"";
    return List.of(
        new BadEvent("a number", "5", "EVENT_NOT_AN_OBJECT", ""),
        new BadEvent("a text", "\"event\"", "EVENT_NOT_AN_OBJECT", ""),
        new BadEvent("null", "null", "EVENT_NOT_AN_OBJECT", ""),
        new BadEvent("a list in the list", "[{}]", "EVENT_NOT_AN_OBJECT", ""),
        with("no id", "id", "null", MISSING),
        with("an empty id", "id", "\"\"", MISSING),
        with("a number as id", "id", "7", INVALID),
        with("an object as id", "id", "{\"id\":\"1\"}", INVALID),
        with("an id without end", "id", tooLong, INVALID),
        with("NUL in the id", "id", "\"a\\u0000\"", INVALID),
        with("half a character in the id", "id", "\"\\ud83d\"", INVALID),
        with("no source", "source", "null", MISSING),
        with("a list as source", "source", "[\"s\"]", INVALID),
        with("no type", "type", "null", MISSING),
        with("a number as type", "type", "1.5", INVALID),
        with("no subject", "subject", "null", MISSING),
        with("a flag as subject", "subject", "true", INVALID),
        with("NUL in the subject", "subject", "\"a\\u0000\"", INVALID),
        with("another version", "specversion", "\"0.3\"", "EVENT_SPECVERSION_UNSUPPORTED"),
        with("a number as version", "specversion", "1.0", "EVENT_SPECVERSION_UNSUPPORTED"));
  }

  private static List<BadEvent> times() {
    return List.of(
        with("a word as time", "time", "\"yesterday\"", TIME),
        with("a number as time", "time", "1767225600", TIME),
        with("30 February", "time", "\"2026-02-30T00:00:00Z\"", TIME),
        with("a time without offset", "time", "\"2026-01-01T00:00:00\"", TIME),
        with("a date", "time", "\"2026-01-01\"", TIME),
        with("hour 25", "time", "\"2026-01-01T25:00:00Z\"", TIME),
        with("a time before 1970", "time", "\"1969-12-31T23:59:59Z\"", TIME),
        with("a time before 1970 by its offset", "time", "\"1970-01-01T00:30:00+01:00\"", TIME),
        with("a time far ahead", "time", "\"9999-01-01T00:00:00Z\"", TIME));
  }

  private static List<BadEvent> datas() {
    String deep = "{\"a\":".repeat(40) + "1" + "}".repeat(40);
    return List.of(
        with("a text as data", "data", "\"{}\"", DATA),
        with("a list as data", "data", "[1]", DATA),
        with("a number as data", "data", "3", DATA),
        with("data too deep", "data", "{\"tokens\":1,\"deep\":" + deep + "}", DATA),
        with("binary data", "data_base64", "\"AAAA\"", DATA),
        with("data of another type", "datacontenttype", "\"text/xml\"", DATA));
  }

  private static List<BadEvent> values() {
    List<BadEvent> events = new ArrayList<>();
    events.add(value("no data", null, "EVENT_VALUE_MISSING"));
    events.add(value("no value", "{}", "EVENT_VALUE_MISSING"));
    events.add(value("null as value", "{\"tokens\":null}", "EVENT_VALUE_MISSING"));
    events.add(value("a flag as value", "{\"tokens\":true}", VALUE));
    events.add(value("an object as value", "{\"tokens\":{}}", VALUE));
    events.add(value("a list as value", "{\"tokens\":[1]}", VALUE));
    events.add(value("a word as value", "{\"tokens\":\"many\"}", VALUE));
    events.add(value("an empty text as value", "{\"tokens\":\"\"}", VALUE));
    events.add(value("the text NaN", "{\"tokens\":\"NaN\"}", VALUE));
    for (String number : List.of("1e400", "-1e400", "1e-400", "1" + "0".repeat(400))) {
      String shown = number.length() > 10 ? "401 digits" : number;
      events.add(value(shown, "{\"tokens\":" + number + "}", VALUE));
      events.add(value(shown + " as text", "{\"tokens\":\"" + number + "\"}", VALUE));
    }
    events.add(value("39 digits", "{\"tokens\":" + "9".repeat(39) + "}", VALUE));
    events.add(value("19 decimals", "{\"tokens\":0." + "1".repeat(19) + "}", VALUE));
    events.add(value("5,000 digits", "{\"tokens\":" + "9".repeat(5_000) + "}", VALUE));
    return events;
  }

  private static BadEvent with(String name, String attribute, String value, String code) {
    return new BadEvent(name, event(attribute, value), code, attribute);
  }

  private static BadEvent value(String name, String data, String code) {
    return new BadEvent(name, event("data", data), code, "data.tokens");
  }

  /** Written by hand: what is wrong here is often no JSON that a writer would give. */
  private static String event(String attribute, String value) {
    StringBuilder json = new StringBuilder("{");
    String[][] good = {
      {"specversion", "\"1.0\""},
      {"id", "\"%s\""},
      {"source", "\"bad\""},
      {"type", "\"llm.call\""},
      {"subject", "\"acme\""},
      {"data", "{\"tokens\":1}"}
    };
    boolean replaced = false;
    for (String[] member : good) {
      boolean chosen = member[0].equals(attribute);
      replaced |= chosen;
      String text = chosen ? value : member[1];
      if (text != null) {
        json.append(json.length() > 1 ? "," : "")
            .append('"')
            .append(member[0])
            .append("\":")
            .append(text);
      }
    }
    if (!replaced) {
      json.append(",\"").append(attribute).append("\":").append(value);
    }
    return json.append('}').toString();
  }

  /** What is answered when it comes alone. */
  Problem problem() {
    return new Problem(400, code, field);
  }

  @Override
  public String toString() {
    return name;
  }
}
