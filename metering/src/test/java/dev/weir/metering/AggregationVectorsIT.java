package dev.weir.metering;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.asof.AsOfQueries;
import dev.weir.metering.correction.Correction;
import dev.weir.metering.correction.CorrectionAnswer;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.correction.JournalHistory;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.detail.JournalRecords;
import dev.weir.metering.detail.RunningTotalPage;
import dev.weir.metering.detail.RunningTotalQuery;
import dev.weir.metering.detail.UsageQueries;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.meter.QuantityRounding;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Facts about aggregation that public billing systems assert, run through the whole engine.
 *
 * <p>Options used: an inclusive end is the second after it when no event lies between; where windows are asked for,
 * their source takes whole ones, so that ends are rounded outwards to minutes; {@code recurring} drops the lower end, but for levels,
 * which carry over anyway; {@code as_of} by event time is an earlier inclusive end; {@code
 * quantity_rounding} is the meter's rounding, and so is {@code rounded_to}, half up; {@code initial_value}
 * is an event before the period. A prorated sum is a WEIGHTED_SUM whose changes count from the start of
 * their day, rounded up as its source does, and a prorated unique count is a WEIGHTED_UNIQUE_COUNT by
 * days; LATEST of sources that floor it at zero is non-negative. An
 * event that is sent again with other content, and replaces the first there, is replaced by a correction
 * here. What was stored before a time is usage as of the position reached then, and what was stored later
 * is the difference to all. An absent dimension is the empty text here.
 */
class AggregationVectorsIT {

  private static final Set<String> OPTIONS_KNOWN = Set.of(
      "recurring",
      "as_of",
      "period_days",
      "quantity_rounding",
      "initial_value",
      "stored_at",
      "free_units");

  /** Why a case was not even tried. */
  private static final class Inexpressible extends RuntimeException {
    Inexpressible(String message) {
      super(message);
    }
  }

  private record Range(Instant from, Instant to) {}

  /** The two meters of a case: of the value asked for, and of the number of events. */
  private record Meters(UUID tenant, Meter value, Meter count) {}

  @TempDir
  Path directory;

  private TestDatabase test;
  private TestMetering metering;
  private JournalHistory history;
  private Corrections corrections;
  private AsOfQueries earlier;
  private JournalRecords records;
  private UsageQueries usage;

  /** Events without an id so far. */
  private int unnamed;

  @Test
  void everyVectorHolds() throws Exception {
    Path file = Path.of(System.getProperty("weir.root", ".."))
        .resolve("../shared/vectors/aggregation.jsonl");
    assumeTrue(
        Files.exists(file),
        "NOT RUN: there are no vectors at " + file.toAbsolutePath().normalize());
    Map<String, String> outcomes = new TreeMap<>();
    test = TestDatabase.create();
    metering = TestMetering.start(test, test.newTenant(), directory, 2);
    history = new JournalHistory(directory);
    corrections = metering.engine().corrections(history);
    earlier = metering.engine().asOfQueries(history::visit);
    records = metering.engine().journalRecords(history::visit);
    usage = metering.engine().usageQueries(records);
    try {
      for (String line : Files.readAllLines(file)) {
        JsonNode vector = Json.parseOwn(line);
        outcome(vector).ifPresent(fault -> outcomes.put(vector.get("id").textValue(), fault));
      }
    } finally {
      await(records.close());
      await(earlier.close());
      await(corrections.close());
      metering.close();
      test.close();
    }
    assertEquals(Map.of(), outcomes);
  }

  /** Empty when the engine gives what the vector expects. */
  private Optional<String> outcome(JsonNode vector) {
    try {
      Map<String, String> expected = new TreeMap<>();
      Map<String, String> actual = new TreeMap<>();
      run(vector, expected, actual);
      return expected.equals(actual)
          ? Optional.empty()
          : Optional.of("expected " + expected + ", got " + actual);
    } catch (Inexpressible e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void run(JsonNode vector, Map<String, String> expected, Map<String, String> actual) {
    Meters meters = meters(vector);
    sendInitialValue(vector, meters.tenant());
    JsonNode stored = vector.path("options").path("stored_at");
    if (!stored.isMissingNode()) {
      storedAt(vector, meters, stored, expected, actual);
      return;
    }
    send(meters.tenant(), vector.get("events"));
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    JsonNode expect = vector.get("expected");
    if (expect.has("running_total")) {
      runningTotal(vector, meters, expected, actual);
    }
    if (expect.has("value") || expect.has("count")) {
      compare(
          expect,
          "",
          expected,
          row(meters, meters.value(), range(vector, drops(vector, isLevel(vector)))),
          row(
              meters,
              meters.count(),
              range(
                  vector,
                  drops(vector, vector.get("aggregation").asText().equals("weighted_sum")))),
          actual);
    }
    if (expect.has("groups")) {
      groups(vector, meters, expected, actual);
    }
    if (expect.has("windows")) {
      windows(vector, meters, expected, actual);
    }
  }

  private void runningTotal(
      JsonNode vector, Meters meters, Map<String, String> expected, Map<String, String> actual) {
    List<String> totals = new ArrayList<>();
    vector.get("expected").get("running_total").forEach(total -> totals.add(total.textValue()));
    expected.put("running total", totals.toString());
    Range range = range(vector, false);
    UsageQuery events =
        UsageQuery.total(meters.value(), range.from(), range.to(), Set.of("someone"), Map.of());
    Quantity free = Quantity.of(vector.get("options").get("free_units").textValue());
    RunningTotalPage page = await(metering
        .engine()
        .runningTotals(records)
        .page(meters.tenant(), "value", meter -> new RunningTotalQuery(events, free, 100, null)));
    actual.put(
        "running total",
        page.totals().stream().map(total -> total.total().toString()).toList().toString());
  }

  /** Sends what was stored before the time, then the rest, and asks as of between the two. */
  private void storedAt(
      JsonNode vector,
      Meters meters,
      JsonNode stored,
      Map<String, String> expected,
      Map<String, String> actual) {
    Instant limit =
        Instant.parse((stored.has("lt") ? stored.get("lt") : stored.get("gte")).textValue());
    List<JsonNode> before = new ArrayList<>();
    List<JsonNode> after = new ArrayList<>();
    for (JsonNode event : vector.get("events")) {
      boolean early = Instant.parse(event.get("stored_at").textValue()).isBefore(limit);
      (early ? before : after).add(event);
    }
    send(meters.tenant(), before);
    String position = metering.engine().ingest().flushed().toString();
    send(meters.tenant(), after);
    UsageQuery query = UsageQuery.total(
        meters.value(), range(vector, false).from(), range(vector, false).to(), Set.of(), Map.of());
    Quantity known = await(earlier.query(meters.tenant(), "value", meter -> query, position))
        .rows()
        .get(0)
        .value();
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    Quantity all = Quantity.of(row(meters, meters.value(), range(vector, false)));
    expected.put("value", vector.get("expected").get("value").textValue());
    actual.put("value", (stored.has("lt") ? known : all.minus(known)).toString());
  }

  private static void compare(
      JsonNode expect,
      String key,
      Map<String, String> expected,
      String value,
      String count,
      Map<String, String> actual) {
    if (expect.has("value")) {
      expected.put(key + "value", Quantity.of(expect.get("value").textValue()).toString());
      actual.put(key + "value", value);
    }
    if (expect.has("count")) {
      expected.put(key + "count", expect.get("count").asText());
      actual.put(key + "count", count);
    }
  }

  private static Aggregation aggregation(JsonNode vector) {
    String name = vector.get("aggregation").textValue().toUpperCase(Locale.ROOT);
    String offered = name.replace("PRORATED", "WEIGHTED");
    return Arrays.stream(Aggregation.values())
        .filter(a -> a.name().equals(offered))
        .findFirst()
        .orElseThrow(() -> new Inexpressible("aggregation " + name));
  }

  private static boolean isLevel(JsonNode vector) {
    return aggregation(vector).isLevel();
  }

  /** Whether the lower end of the range is dropped. */
  private static boolean drops(JsonNode vector, boolean carriesOver) {
    return !carriesOver && vector.path("options").path("recurring").booleanValue();
  }

  private static MeterOptions options(JsonNode vector) {
    boolean prorated = vector.get("aggregation").textValue().startsWith("prorated");
    boolean floored = vector.get("source").textValue().startsWith("getlago")
        && aggregation(vector) == Aggregation.LATEST;
    List<Map<String, Set<String>>> exclude = new ArrayList<>();
    for (JsonNode entry : vector.path("exclude_filters")) {
      Map<String, Set<String>> conditions = new HashMap<>();
      conditions(entry).forEach((path, values) -> conditions.put(path, Set.copyOf(values)));
      exclude.add(conditions);
    }
    QuantityRounding rounding = null;
    JsonNode named = vector.path("options").path("quantity_rounding");
    JsonNode places = vector.get("expected").path("rounded_to");
    if (!named.isMissingNode()) {
      rounding = new QuantityRounding(
          QuantityRounding.Mode.valueOf(named.get("mode").textValue().toUpperCase(Locale.ROOT)),
          named.get("scale").intValue());
    } else if (!places.isMissingNode()) {
      rounding = new QuantityRounding(
          prorated && aggregation(vector) == Aggregation.WEIGHTED_SUM
              ? QuantityRounding.Mode.CEIL
              : QuantityRounding.Mode.HALF_UP,
          places.intValue());
    }
    return new MeterOptions(
        null,
        exclude,
        rounding,
        floored,
        prorated ? zone(vector) : null,
        aggregation(vector) == Aggregation.WEIGHTED_UNIQUE_COUNT
            ? JsonPath.parse("$.operation_type", "operationProperty")
            : null);
  }

  private static Map<String, List<String>> conditions(JsonNode node) {
    Map<String, List<String>> conditions = new HashMap<>();
    for (var entry : node.properties()) {
      List<String> values = new ArrayList<>();
      entry.getValue().forEach(value -> values.add(value.textValue()));
      conditions.put("$." + entry.getKey(), values);
    }
    return conditions;
  }

  private Meters meters(JsonNode vector) {
    Aggregation aggregation = aggregation(vector);
    for (var option : vector.path("options").properties()) {
      if (!OPTIONS_KNOWN.contains(option.getKey())) {
        throw new Inexpressible("option " + option.getKey());
      }
    }
    Map<String, String> groups = new HashMap<>();
    for (JsonNode name : vector.get("group_by")) {
      if (!name.textValue().equals("subject")) {
        groups.put(name.textValue(), "$." + name.textValue());
      }
    }
    String property = aggregation == Aggregation.UNIQUE_COUNT ? "$.unique_key" : "$.value";
    MeterDefinition value = new MeterDefinition(
        "value",
        null,
        "call",
        aggregation,
        aggregation.takesValue() ? property : null,
        groups,
        conditions(vector.path("filters")),
        options(vector));
    MeterDefinition count = new MeterDefinition(
        "count",
        null,
        "call",
        Aggregation.COUNT,
        null,
        groups,
        value.filter(),
        new MeterOptions(null, value.options().exclude(), null, false, null));
    UUID tenant = test.newTenant();
    return new Meters(tenant, meter(tenant, value), meter(tenant, count));
  }

  private Meter meter(UUID tenant, MeterDefinition definition) {
    return await(metering
        .engine()
        .addMeter(definition.toMeter(UUID.randomUUID(), tenant, TestMetering.NOW)));
  }

  private void sendInitialValue(JsonNode vector, UUID tenant) {
    JsonNode value = vector.path("options").path("initial_value");
    if (!value.isMissingNode()) {
      Instant from = Instant.parse(vector.get("period").get("from").textValue());
      send(
          tenant,
          Json.parseOwn(Json.text(List.of(Map.of(
              "id",
              "initial",
              "timestamp",
              from.minusSeconds(86_400).toString(),
              "value",
              value)))));
    }
  }

  private void send(UUID tenant, Iterable<JsonNode> events) {
    List<Map<String, Object>> body = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    List<Map<String, Object>> again = new ArrayList<>();
    for (JsonNode event : events) {
      Map<String, Object> data = new TreeMap<>();
      event.path("properties").properties().forEach(p -> data.put(p.getKey(), p.getValue()));
      for (String name : List.of("value", "unique_key")) {
        if (event.has(name)) {
          data.put(name, event.get(name));
        }
      }
      String id = event.has("id") ? event.get("id").textValue() : "n" + unnamed++;
      boolean replaces = !ids.add(id) && event.path("received_later").asBoolean();
      (replaces ? again : body)
          .add(Map.of(
              "specversion",
              "1.0",
              "id",
              id,
              "source",
              "vectors",
              "type",
              "call",
              "subject",
              event.path("subject").asText("someone"),
              "time",
              event.get("timestamp").textValue(),
              "data",
              data));
    }
    if (!body.isEmpty()) {
      byte[] bytes = Json.text(body).getBytes(StandardCharsets.UTF_8);
      await(metering.engine().take(metering.context(), tenant, bytes, false));
    }
    for (Map<String, Object> event : again) {
      String id = event.get("id").toString();
      CorrectionAnswer answer = await(corrections.apply(
          metering.context(),
          new Corrections.Author(tenant, "vectors"),
          List.of(new Correction(id, null, null, "sent again", Json.text(event)))));
      assertEquals(CorrectionAnswer.Verdict.REPLACED, answer.outcomes().get(0).verdict());
    }
  }

  /** An inclusive end is the end of its second; no event may lie between the two. */
  private static Range range(JsonNode vector, boolean recurring) {
    JsonNode period = vector.get("period");
    Instant from = Instant.parse(period.get("from").textValue());
    Instant to = Instant.parse(period.get("to").textValue());
    boolean inclusive = period.get("to_inclusive").booleanValue();
    if (vector.path("options").has("as_of")) {
      to = Instant.parse(vector.get("options").get("as_of").textValue());
      inclusive = true;
    }
    Instant end = inclusive ? to.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1) : to;
    from = wholePeriod(vector, from, end);
    for (JsonNode event : vector.get("events")) {
      Instant time = Instant.parse(event.get("timestamp").textValue());
      if (inclusive && time.isAfter(to) && time.isBefore(end)) {
        throw new Inexpressible("an event between the period's end and the whole second");
      }
    }
    boolean byWindow = vector.get("window").isTextual()
        && Set.of("MINUTE", "HOUR", "DAY", "MONTH")
            .contains(vector.get("window").textValue());
    return new Range(
        recurring ? null : byWindow ? from.truncatedTo(ChronoUnit.MINUTES) : from,
        byWindow ? ceiling(end) : end);
  }

  /** The mean of a part of a period, over the days of all of it, is that of all when it is empty before. */
  private static Instant wholePeriod(JsonNode vector, Instant from, Instant end) {
    JsonNode days = vector.path("options").path("period_days");
    if (aggregation(vector) != Aggregation.WEIGHTED_UNIQUE_COUNT || days.isMissingNode()) {
      return from;
    }
    for (JsonNode event : vector.get("events")) {
      if (Instant.parse(event.get("timestamp").textValue()).isBefore(from)) {
        throw new Inexpressible("an event before a part of a period");
      }
    }
    return end.atZone(zone(vector)).minusDays(days.intValue()).toInstant();
  }

  private static Instant ceiling(Instant time) {
    Instant minute = time.truncatedTo(ChronoUnit.MINUTES);
    return minute.equals(time) ? minute : minute.plus(1, ChronoUnit.MINUTES);
  }

  private List<UsageRow> query(Meters meters, UsageQuery query) {
    return await(usage.query(meters.tenant(), query.meter().key(), meter -> query))
        .rows();
  }

  private String row(Meters meters, Meter meter, Range range) {
    return query(meters, UsageQuery.total(meter, range.from(), range.to(), Set.of(), Map.of()))
        .stream()
        .map(r -> r.value().toString())
        .findFirst()
        .orElse("0");
  }

  private void groups(
      JsonNode vector, Meters meters, Map<String, String> expected, Map<String, String> actual) {
    boolean counted = false;
    for (JsonNode group : vector.get("expected").get("groups")) {
      TreeMap<String, String> key = new TreeMap<>();
      group
          .get("key")
          .properties()
          .forEach(k -> key.put(k.getKey(), k.getValue().asText("")));
      group.get("key").properties().stream()
          .filter(k -> k.getValue().isNull())
          .forEach(k -> key.put(k.getKey(), ""));
      expected.put(key + " value", group.get("value").textValue());
      if (group.has("count")) {
        counted = true;
        expected.put(key + " count", group.get("count").asText());
      }
    }
    grouped(vector, meters, meters.value())
        .forEach((key, value) -> actual.put(key + " value", value));
    if (counted) {
      grouped(vector, meters, meters.count())
          .forEach((key, value) -> actual.put(key + " count", value));
    }
  }

  private Map<String, String> grouped(JsonNode vector, Meters meters, Meter meter) {
    Range range = range(vector, drops(vector, isLevel(vector)));
    List<String> names = new ArrayList<>(meter.groupBy().keySet());
    boolean bySubject = vector.get("group_by").size() > names.size();
    Map<String, String> values = new TreeMap<>();
    UsageQuery query = new UsageQuery(
        meter, range.from(), range.to(), Set.of(), Map.of(), names, bySubject, null, zone(vector));
    for (UsageRow row : query(meters, query)) {
      TreeMap<String, String> key = new TreeMap<>(row.groupBy());
      if (bySubject) {
        key.put("subject", String.valueOf(row.subject()));
      }
      values.put(key.toString(), row.value().toString());
    }
    return values;
  }

  private static ZoneId zone(JsonNode vector) {
    return ZoneId.of(vector.path("timezone").asText("UTC"));
  }

  private void windows(
      JsonNode vector, Meters meters, Map<String, String> expected, Map<String, String> actual) {
    JsonNode windows = vector.get("expected").get("windows");
    windows.forEach(w -> expected.put(
        w.get("start").textValue() + " " + w.get("end").textValue(),
        w.get("value").textValue()));
    if (vector.get("window").isNull()) {
      // The parts of a period that was split: each asked for by itself.
      for (JsonNode w : windows) {
        Range part = new Range(
            Instant.parse(w.get("start").textValue()),
            Instant.parse(w.get("end").textValue()));
        actual.put(part.from() + " " + part.to(), row(meters, meters.value(), part));
      }
      return;
    }
    Range range = range(vector, drops(vector, isLevel(vector)));
    UsageQuery query = new UsageQuery(
        meters.value(),
        range.from(),
        range.to(),
        Set.of(),
        Map.of(),
        List.of(),
        false,
        WindowSize.valueOf(vector.get("window").textValue()),
        zone(vector));
    query(meters, query)
        .forEach(
            r -> actual.put(r.windowStart() + " " + r.windowEnd(), r.value().toString()));
  }
}
