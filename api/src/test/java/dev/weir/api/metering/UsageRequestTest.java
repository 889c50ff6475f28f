package dev.weir.api.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.api.http.ApiError;
import dev.weir.metering.ErrorCode;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageRequestTest {

  private static UsageRequest body(String json) {
    return UsageRequest.ofBody(JsonFields.of(Json.parseOwn(json)));
  }

  private static String filters(String json) {
    Map<String, Set<String>> sorted = new TreeMap<>();
    body(json).filterGroupBy().forEach((name, values) -> sorted.put(name, new TreeSet<>(values)));
    return sorted.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|{}",
        "{'filterGroupBy':{'m':['a','b']}}|{m=[a, b]}",
        "{'advancedMeterGroupByFilters':{}}|{}",
        "{'advancedMeterGroupByFilters':{'m':{'$eq':'a'}}}|{m=[a]}",
        "{'advancedMeterGroupByFilters':{'m':{'$in':['a','b']},'t':{'$eq':'in'}}}|{m=[a, b], t=[in]}",
        "{'filterGroupBy':{'m':['a','b']},'advancedMeterGroupByFilters':{'m':{'$in':['b','c']}}}|{m=[b]}",
        "{'filterGroupBy':{'m':['a']},'advancedMeterGroupByFilters':{'m':{'$eq':'b'}}}|{m=[]}"
      })
  void bothFormsOfConditionsHoldTogether(String json, String filters) {
    assertEquals(filters, filters(json.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'m':{'$like':'a%'}}|FIELD_UNKNOWN|advancedMeterGroupByFilters.m.$like",
        "{'m':{'$and':[]}}|FIELD_UNKNOWN|advancedMeterGroupByFilters.m.$and",
        "{'m':{}}|FIELD_INVALID|advancedMeterGroupByFilters.m.$eq",
        "{'m':{'$eq':'a','$in':['a']}}|FIELD_INVALID|advancedMeterGroupByFilters.m.$eq",
        "{'m':{'$eq':7}}|FIELD_INVALID|advancedMeterGroupByFilters.m.$eq",
        "{'m':{'$in':'a'}}|FIELD_INVALID|advancedMeterGroupByFilters.m.$in",
        "{'m':'a'}|FIELD_INVALID|advancedMeterGroupByFilters.m",
        "[]|FIELD_INVALID|advancedMeterGroupByFilters"
      })
  void otherConditionsAreRefusedByName(String conditions, String code, String field) {
    String json = "{\"advancedMeterGroupByFilters\":" + conditions.replace('\'', '"') + "}";
    Refusal refusal = assertThrows(Refusal.class, () -> body(json));
    assertEquals(MeteringError.valueOf(code), refusal.code());
    assertEquals(field, refusal.field());
  }

  @Test
  void whoAsksIsNoPartOfTheQuestion() {
    assertEquals(body("{}"), body("{\"clientId\":\"f74e58ed\"}"));
    assertEquals(
        UsageRequest.ofParameters(MultiMap.caseInsensitiveMultiMap()),
        UsageRequest.ofParameters(MultiMap.caseInsensitiveMultiMap().add("clientId", "x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filterCustomerId",
        "filterCustomerId[]",
        "advancedMeterGroupByFilters",
        "advancedMeterGroupByFilters[model]"
      })
  void whatWouldChangeTheAnswerAndIsNotOfferedIsRefused(String name) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap().add(name, "x");
    Refusal refusal = assertThrows(Refusal.class, () -> UsageRequest.ofParameters(parameters));
    ErrorCode expected = ApiError.QUERY_PARAMETER_INVALID;
    assertEquals(expected, refusal.code());
    assertEquals(name, refusal.field());
  }
}
