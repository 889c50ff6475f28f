package dev.weir.metering.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.PathTree;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SeriesCensusTest {

  private static Meter meter(Map<String, String> groups) {
    return new MeterDefinition("m", null, "call", Aggregation.COUNT, null, groups, Map.of())
        .toMeter(new UUID(1, groups.size()), Decoding.TENANT, Instant.EPOCH);
  }

  private static List<WindowFold.SeriesDelta> series(Meter meter, int count) {
    CompiledMeter compiled =
        new CompiledMeter(new ActiveMeter(meter, JournalPosition.START, null), new PathTree());
    List<WindowFold.SeriesDelta> series = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      series.add(new WindowFold.SeriesDelta(
          new SeriesKey(meter.usageId(), "s", List.of("g" + i)), compiled, 0));
    }
    return series;
  }

  private static List<Meter> created(SeriesCensus census, Meter meter, int count) {
    List<WindowFold.SeriesDelta> series = series(meter, count);
    return census.due(series, series);
  }

  @Test
  void aMeterThatIsMetFirstIsCountedThoughItsSeriesAreOldAndThenOnlyForNewOnes() {
    SeriesCensus census = new SeriesCensus();
    Meter meter = meter(Map.of("model", "$.m"));
    assertEquals(List.of(meter), census.due(series(meter, 5), List.of()));
    census.counted(meter, 9_999);
    assertEquals(List.of(), census.due(series(meter, 20_000), List.of()));
    assertEquals(List.of(meter), created(census, meter, 100));
  }

  @Test
  void aMeterIsCountedAgainWhenABackfillHasWrittenItsSeriesElsewhere() {
    SeriesCensus census = new SeriesCensus();
    Meter before = meter(Map.of("model", "$.m"));
    assertEquals(List.of(before), created(census, before, 1));
    census.counted(before, 1);
    Meter after = before.counting(MeterChange.of(before), new UUID(2, 1));
    assertEquals(List.of(after), census.due(series(after, 5), List.of()));
    census.counted(after, 9_000);
    assertEquals(List.of(), created(census, after, 1_000));
    assertEquals(List.of(after), created(census, after, 1));
  }

  @Test
  void aFlushMayHaveSeriesFromBeforeAndBehindABackfill() {
    Meter before = meter(Map.of("model", "$.m"));
    Meter after = before.counting(MeterChange.of(before), new UUID(2, 1));
    List<WindowFold.SeriesDelta> series = new ArrayList<>(series(before, 1));
    series.addAll(series(after, 1));
    assertEquals(Set.of(before, after), Set.copyOf(new SeriesCensus().due(series, List.of())));
  }

  @Test
  void aMeterThatCouldNotBeCountedIsDueWhenItIsSeenAgain() {
    SeriesCensus census = new SeriesCensus();
    Meter meter = meter(Map.of("model", "$.m"));
    assertEquals(List.of(meter), census.due(series(meter, 1), List.of()));
    census.uncounted(meter);
    assertEquals(List.of(meter), census.due(series(meter, 1), List.of()));
    census.counted(meter, 1);
    assertEquals(List.of(), census.due(series(meter, 1), List.of()));
  }

  @Test
  void aMeterIsCountedWhenItMayHavePassedTheBoundAndReportedOnce() {
    SeriesCensus census = new SeriesCensus();
    Meter meter = meter(Map.of("model", "$.m"));
    assertEquals(List.of(meter), created(census, meter, 1));
    census.counted(meter, 1);
    assertEquals(List.of(), created(census, meter, 9_999));
    assertEquals(List.of(meter), created(census, meter, 1));
    census.counted(meter, 9_990);
    // So near to the bound every hundredth series leads to a count, not each.
    assertEquals(List.of(), created(census, meter, 99));
    assertEquals(List.of(meter), created(census, meter, 1));
    census.counted(meter, 10_000);
    assertEquals(0, census.crowdedMeters());
    census.counted(meter, 10_001);
    assertEquals(1, census.crowdedMeters());
    assertEquals(List.of(), created(census, meter, 20_000));
    census.counted(meter, 10_001);
    assertEquals(1, census.crowdedMeters());
  }

  @Test
  void aMeterWithoutGroupsIsNeverCounted() {
    Meter meter = meter(Map.of());
    assertEquals(List.of(), created(new SeriesCensus(), meter, 20_000));
  }
}
