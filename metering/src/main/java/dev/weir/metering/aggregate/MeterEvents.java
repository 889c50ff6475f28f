package dev.weir.metering.aggregate;

import dev.weir.metering.event.DataScan;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.event.TextCache;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What single events mean for one meter, as the fold takes them. Confined to one thread. */
public final class MeterEvents {

  /** Of one question, which seldom has more values of its dimensions. */
  private static final int TEXTS = 1_024;

  private final CompiledMeter meter;
  private final DataScan scan = new DataScan(new TextCache(TEXTS));

  public MeterEvents(Meter meter) {
    this.meter = new TypeProgram(List.of(new ActiveMeter(meter, JournalPosition.START, null)))
        .meters()
        .get(0);
  }

  /**
   * What an event counts for.
   *
   * @param value 1 for a meter that counts events
   * @param groups every dimension of the meter
   */
  public record Counted(BigDecimal value, SortedMap<String, String> groups) {

    public Counted {
      groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    }
  }

  /** Gives null for an event of the meter's type that its filter leaves out or that it cannot use. */
  public @Nullable Counted read(JournaledEvent event) {
    byte[] data = event.data().getBytes(StandardCharsets.UTF_8);
    Scalars scalars = scan.scan(data, 0, data.length, meter.paths());
    if (!meter.matches(scalars) || !meter.canUse(scalars)) {
      return null;
    }
    BigDecimal value = value(scalars);
    return value == null ? null : new Counted(value, groups(scalars));
  }

  private @Nullable BigDecimal value(Scalars scalars) {
    int slot = meter.valueSlot();
    if (!meter.meter().aggregation().takesDecimal()) {
      return BigDecimal.ONE;
    }
    return scalars.isInteger(slot)
        ? BigDecimal.valueOf(scalars.integer(slot))
        : scalars.decimal(slot);
  }

  private SortedMap<String, String> groups(Scalars scalars) {
    TreeMap<String, String> groups = new TreeMap<>();
    int i = 0;
    List<String> values = meter.groups(scalars);
    for (String name : meter.meter().groupBy().keySet()) {
      groups.put(name, values.get(i++));
    }
    return groups;
  }
}
