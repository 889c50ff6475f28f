package dev.weir.invoicing.explain;

import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.Invariant;
import dev.weir.metering.Refusal;
import dev.weir.metering.usage.WindowSize;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an invoice is to be explained.
 *
 * @param line only this line: a position or a rate card's key; null for all
 * @param windowSize MINUTE, HOUR or DAY
 * @param page from 1
 */
public record ExplainRequest(@Nullable String line, WindowSize windowSize, int page) {

  public ExplainRequest {
    Invariant.check(windowSize != WindowSize.MONTH, "windows are minutes, hours or days");
    Invariant.check(page >= 1, "pages count from 1");
  }

  /** Everything, by the minute, from the beginning. */
  public static ExplainRequest whole() {
    return new ExplainRequest(null, WindowSize.MINUTE, 1);
  }

  /** Reads a window size; null means DAY, which shows a month at a glance. Refuses with EXPLAIN_WINDOW_INVALID. */
  public static WindowSize windowSize(@Nullable String text) {
    return switch (text == null ? "day" : text.toLowerCase(Locale.ROOT)) {
      case "minute" -> WindowSize.MINUTE;
      case "hour" -> WindowSize.HOUR;
      case "day" -> WindowSize.DAY;
      default ->
        throw new Refusal(
            InvoicingError.EXPLAIN_WINDOW_INVALID,
            "window",
            "'window' must be one of minute, hour, day.");
    };
  }
}
