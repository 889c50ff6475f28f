package dev.weir.invoicing.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.usage.WindowSize;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WindowPagesTest {

  private static final List<WindowSize> SIZES =
      List.of(WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY);

  @Test
  void aMonthOfMinutesIsFortyFourPages() {
    WindowPages pages = new WindowPages(
        Instant.parse("2026-11-01T00:00:00Z"),
        Instant.parse("2026-12-01T00:00:00Z"),
        WindowSize.MINUTE);

    assertEquals(44, pages.count());
    assertEquals(Instant.parse("2026-11-01T00:00:00Z"), pages.start(1));
    assertEquals(Instant.parse("2026-11-01T16:40:00Z"), pages.end(1));
    assertEquals(Instant.parse("2026-12-01T00:00:00Z"), pages.end(44));
  }

  @Test
  void pagesBeginOnWholeWindows() {
    WindowPages pages = new WindowPages(
        Instant.parse("2020-02-03T11:15:00Z"),
        Instant.parse("2026-02-03T11:15:00Z"),
        WindowSize.DAY);

    assertEquals(3, pages.count());
    assertEquals(Instant.parse("2020-02-03T11:15:00Z"), pages.start(1));
    assertEquals(Instant.parse("2022-10-30T00:00:00Z"), pages.start(2));
  }

  @Test
  void pagesTileThePeriod() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      Instant from = Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L) / 60 * 60);
      Instant to = from.plusSeconds(60L * random.nextInt(1, 600_000));
      WindowSize size = SIZES.get(random.nextInt(SIZES.size()));
      WindowPages pages = new WindowPages(from, to, size);

      Instant at = from;
      for (int page = 1; page <= pages.count(); page++) {
        assertEquals(at, pages.start(page), "seed " + seed);
        at = pages.end(page);
        assertTrue(at.isAfter(pages.start(page)), "seed " + seed);
        assertTrue(
            Duration.between(pages.start(page), at).toMinutes() <= 1_000L * 1_440, "seed " + seed);
      }
      assertEquals(to, at, "seed " + seed);
    }
  }
}
