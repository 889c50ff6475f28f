package dev.weir.gateway.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;

/** How far a backfill is, in one line. */
final class BackfillLine {

  private static final int WIDTH = 24;
  private static final int HUNDRED = 100;
  private static final long LEFT_SECONDS_MAX = 99L * 3_600;

  private BackfillLine() {}

  /**
   * The line.
   *
   * @param backfill as the server shows it
   * @param bar whether to draw one
   */
  static String of(JsonNode backfill, boolean bar) {
    BigDecimal percent = backfill.path("percent").decimalValue();
    StringBuilder line = new StringBuilder();
    if (bar) {
      int filled = percent.intValue() * WIDTH / HUNDRED;
      line.append('[')
          .append("=".repeat(filled))
          .append(" ".repeat(WIDTH - filled))
          .append("] ");
    }
    line.append(String.format(Locale.ROOT, "%6s %%", percent.toPlainString()));
    String state = backfill.path("state").asText();
    if (!state.equals("running")) {
      line.append("  ").append(state);
    }
    line.append(String.format(
        Locale.ROOT,
        "  %,d events/s%s  counted %,d",
        backfill.path("eventsPerSecond").asLong(),
        state.equals("running") ? left(backfill) : "",
        backfill.path("eventsCounted").asLong()));
    long skipped = backfill.path("eventsSkipped").asLong();
    if (skipped > 0) {
      line.append(String.format(Locale.ROOT, "  skipped %,d", skipped));
    }
    return line.toString();
  }

  /** The time left, if it goes on as it went. */
  private static String left(JsonNode backfill) {
    long rest =
        backfill.path("eventsTotal").asLong() - backfill.path("eventsScanned").asLong();
    long perSecond = backfill.path("eventsPerSecond").asLong();
    if (rest <= 0 || perSecond <= 0) {
      return "";
    }
    long seconds = Math.min(LEFT_SECONDS_MAX, rest / perSecond);
    return seconds < 3_600
        ? String.format(Locale.ROOT, "  %d:%02d left", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "  %d:%02d:%02d left", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }
}
