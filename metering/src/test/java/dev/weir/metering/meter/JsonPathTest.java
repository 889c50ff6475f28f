package dev.weir.metering.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

  private static List<Object> steps(String text) {
    return JsonPath.parse(text, "valueProperty").steps();
  }

  @Test
  void definitePathsAreStepsFromOutsideIn() {
    assertEquals(List.of("tokens"), steps("$.tokens"));
    assertEquals(List.of("a", "b", "c"), steps("$.a['b'][\"c\"]"));
    assertEquals(List.of("items", 0, "n", 12), steps("$.items[0].n[12]"));
    assertEquals(List.of("with space.and]dot", "it's"), steps("$['with space.and]dot'][\"it's\"]"));
    assertEquals(List.of("größe", "x-y_z@1/2"), steps("$.größe.x-y_z@1/2"));
    assertEquals("$.a[0]", JsonPath.parse("$.a[0]", "x").toString());
  }

  @Test
  void inQuotesABackslashStandsBeforeQuotesAndBackslashes() {
    assertEquals(List.of("it's"), steps("$['it\\'s']"));
    assertEquals(List.of("a\"b", "c\\"), steps("$[\"a\\\"b\"]['c\\\\']"));
    assertEquals(List.of("']"), steps("$['\\']']"));
    assertEquals(List.of(""), steps("$['']"));
    assertEquals(List.of(0, 7, 70), steps("$[0][7][70]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tokens",
        ".a",
        "$",
        "$.",
        "$..a",
        "$.a.",
        "$.*",
        "$[*]",
        "$.a[?(@.b)]",
        "$[0:2]",
        "$[-1]",
        "$[",
        "$[]",
        "$['a",
        "$['a'",
        "$['a\"]",
        "$a",
        "$.a b",
        "$.a,b",
        "$[1234567]",
        "$[007]",
        "$[00]",
        "$.a[01]",
        "$['a\\n']",
        "$['a\\",
        "$['a\\']",
        "$['a\\']b",
        "$.a[0",
        "$[a]",
        "@.a",
        "$.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q"
      })
  void whatCouldSelectManyValuesOrNoneIsRefused(String text) {
    Refusal refusal = assertThrows(Refusal.class, () -> JsonPath.parse(text, "groupBy.model"));
    assertEquals(MeteringError.METER_PATH_INVALID, refusal.code());
    assertEquals("groupBy.model", refusal.field());
  }
}
