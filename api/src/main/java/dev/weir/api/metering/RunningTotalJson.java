package dev.weir.api.metering;

import dev.weir.metering.Quantity;
import dev.weir.metering.detail.RunningTotal;
import dev.weir.metering.detail.RunningTotalPage;
import dev.weir.metering.usage.UsageQuery;
import java.util.LinkedHashMap;
import java.util.Map;

/** Running totals in the wire shape; values are JSON numbers with every digit, or strings. */
final class RunningTotalJson {

  private RunningTotalJson() {}

  static Map<String, Object> wire(RunningTotalPage page, boolean decimalsAsStrings) {
    Map<String, Object> wire = new LinkedHashMap<>();
    UsageQuery events = page.query().events();
    if (events.from() != null) {
      wire.put("from", events.from());
    }
    if (events.to() != null) {
      wire.put("to", events.to());
    }
    Quantity until = page.query().until();
    if (until != null) {
      wire.put("until", decimal(until, decimalsAsStrings));
      wire.put("reached", page.reached());
    }
    wire.put("position", page.position().toString());
    wire.put("data", page.totals().stream().map(t -> wire(t, decimalsAsStrings)).toList());
    if (page.next() != null) {
      wire.put("next", page.next().toString());
    }
    return wire;
  }

  private static Map<String, Object> wire(RunningTotal total, boolean decimalsAsStrings) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", total.id());
    wire.put("source", total.source());
    wire.put("subject", total.subject());
    wire.put("time", total.time());
    wire.put("position", total.position());
    wire.put("value", decimal(total.value(), decimalsAsStrings));
    wire.put("total", decimal(total.total(), decimalsAsStrings));
    return wire;
  }

  private static Object decimal(Quantity quantity, boolean asString) {
    return asString ? quantity.toString() : quantity.value();
  }
}
