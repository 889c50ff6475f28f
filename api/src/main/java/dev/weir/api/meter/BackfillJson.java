package dev.weir.api.meter;

import dev.weir.metering.backfill.Backfill;
import dev.weir.metering.backfill.BackfillProgress;
import dev.weir.metering.meter.Meter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backfill in the wire shape; what it does not have is left out. */
final class BackfillJson {

  private BackfillJson() {}

  static Map<String, Object> wire(Meter meter, Backfill backfill) {
    BackfillProgress progress = backfill.progress();
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", backfill.id());
    wire.put("meterId", meter.id());
    wire.put("meter", meter.key());
    wire.put("state", backfill.state().text());
    Backfill.Reason reason = backfill.reason();
    if (reason != null) {
      wire.put("reason", Map.of("code", reason.code(), "message", reason.text()));
    }
    put(wire, "from", backfill.from());
    put(wire, "completeFrom", progress.completeFrom());
    wire.put("percent", progress.percent());
    wire.put("eventsScanned", progress.scanned());
    wire.put("eventsTotal", progress.total());
    wire.put("eventsCounted", progress.counted());
    wire.put("eventsSkipped", progress.skipped());
    wire.put("eventsPerSecond", progress.perSecond());
    wire.put("position", progress.done().toString());
    wire.put("until", progress.until().toString());
    wire.put("definition", MeterJson.definition(backfill.wanted()));
    wire.put("createdAt", backfill.times().createdAt());
    put(wire, "startedAt", backfill.times().startedAt());
    wire.put("updatedAt", backfill.times().updatedAt());
    put(wire, "endedAt", backfill.times().endedAt());
    return wire;
  }

  private static void put(Map<String, Object> wire, String name, @Nullable Object value) {
    if (value != null) {
      wire.put(name, value);
    }
  }
}
