package dev.weir.invoicing.explain;

import dev.weir.metering.Quantity;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.WindowSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The usage behind a line, as it is now.
 *
 * @param billed what the invoice says
 * @param current what usage says now; more than billed when usage arrived late
 * @param windowsTotal the windows of the whole period put together; null for a meter whose windows do
 *     not add up to its total (AVG, UNIQUE_COUNT)
 * @param page which page of windows this is, from 1
 * @param windows of this page, in order; only those with usage
 */
public record LineUsage(
    Quantity billed,
    Quantity current,
    @Nullable Quantity windowsTotal,
    WindowSize windowSize,
    int page,
    int pages,
    List<UsageRow> windows) {

  public LineUsage {
    windows = List.copyOf(windows);
  }

  /** {@code current - billed}. */
  public Quantity difference() {
    return current.minus(billed);
  }

  /** Whether the windows make up the current total; true when that cannot be asked. */
  public boolean consistent() {
    return windowsTotal == null || windowsTotal.equals(current);
  }
}
