package dev.weir.metering.explorer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.metering.aggregate.WindowEvents.Place;
import dev.weir.metering.explorer.EventFilter.Range;
import dev.weir.metering.explorer.IndexedWindowEvents.Subject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** No record is visited twice, however the places lie. */
class IndexedWindowEventsTest {

  private static final UUID ONE = TestJournal.TENANTS[0];
  private static final UUID OTHER = TestJournal.TENANTS[1];

  @Test
  void joinsPlacesThatShareTimes() {
    assertEquals(
        Map.of(
            new Subject(ONE, "s"), List.of(new Range(10, 40), new Range(50, 60)),
            new Subject(ONE, "t"), List.of(new Range(10, 20)),
            new Subject(OTHER, "s"), List.of(new Range(0, 20))),
        IndexedWindowEvents.ranges(List.of(
            new Place(ONE, "b", "s", 20, 30),
            new Place(ONE, "a", "s", 10, 20),
            new Place(ONE, "b", "s", 10, 20),
            new Place(ONE, "a", "s", 50, 60),
            new Place(ONE, "a", "s", 25, 40),
            new Place(ONE, "a", "t", 10, 20),
            new Place(OTHER, "a", "s", -5, 20))));
  }
}
