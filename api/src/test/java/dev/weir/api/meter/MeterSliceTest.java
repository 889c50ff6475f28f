package dev.weir.api.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterLabel;
import dev.weir.metering.meter.MeterOptions;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeterSliceTest {

  private static final List<Meter> METERS = List.of(
      meter("b", "Zebra", Aggregation.SUM, 3),
      meter("c", null, Aggregation.COUNT, 1),
      meter("a", "zebra", Aggregation.MAX, 2),
      meter("d", "Ape", Aggregation.COUNT, 4));

  private static Meter meter(String key, String name, Aggregation aggregation, long createdSecond) {
    return new MeterDefinition(
            key,
            new MeterLabel(name, null, new TreeMap<>()),
            "type",
            aggregation,
            aggregation == Aggregation.COUNT ? null : "$.n",
            Map.of(),
            Map.of(),
            MeterOptions.NONE)
        .toMeter(new UUID(0, createdSecond), new UUID(0, 9), Instant.ofEpochSecond(createdSecond));
  }

  private static MultiMap parameters(String text) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    if (text != null) {
      for (String pair : text.split("&", -1)) {
        parameters.add(pair.split("=", 2)[0], pair.split("=", 2)[1]);
      }
    }
    return parameters;
  }

  @ParameterizedTest
  @CsvSource({
    ",abcd",
    "page=1,abcd",
    "page=1&pageSize=2,ab",
    "page=2&pageSize=3,d",
    "page=3&pageSize=2,''",
    "page=1000&pageSize=1000,''",
    "orderBy=key&order=DESC,dcba",
    "orderBy=name,dbca",
    "orderBy=aggregation,cdab",
    "orderBy=aggregation&order=desc,badc",
    "orderBy=createdAt&order=ASC,cabd",
    "orderBy=updatedAt&order=DESC&pageSize=1,d",
    "includeDeleted=false,abcd"
  })
  void metersAreOrderedAndCut(String query, String keys) {
    List<String> slice =
        MeterSlice.of(parameters(query)).of(METERS).stream().map(Meter::key).toList();
    assertEquals(keys, String.join("", slice));
  }

  @Test
  void withoutParametersAllAreListed() {
    List<Meter> many = IntStream.range(0, 1_000)
        .mapToObj(i -> meter("m" + i, null, Aggregation.COUNT, i))
        .toList();
    assertEquals(1_000, MeterSlice.of(parameters(null)).of(many).size());
    assertEquals(100, MeterSlice.of(parameters("page=10")).of(many).size());
  }

  @ParameterizedTest
  @CsvSource({
    "page=0,page",
    "page=-1,page",
    "page=x,page",
    "page=,page",
    "page=1001,page",
    "pageSize=0,pageSize",
    "pageSize=99999999999,pageSize",
    "orderBy=colour,orderBy",
    "order=up,order",
    "includeDeleted=true,includeDeleted"
  })
  void whatMakesNoSenseIsRefusedByName(String query, String field) {
    Refusal refusal = assertThrows(Refusal.class, () -> MeterSlice.of(parameters(query)));
    assertEquals(ApiError.QUERY_PARAMETER_INVALID, refusal.code());
    assertEquals(field, refusal.field());
  }
}
