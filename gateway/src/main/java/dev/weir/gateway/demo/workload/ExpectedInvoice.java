package dev.weir.gateway.demo.workload;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one invoice must say, computed from the input alone.
 *
 * @param usageFrom start of the period whose usage it bills, or null when it bills none
 * @param lines by rate card; a line of zero amount may be left out by the server
 */
public record ExpectedInvoice(@Nullable Instant usageFrom, SortedMap<String, Line> lines) {

  public ExpectedInvoice {
    lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
  }

  /** One line; {@code quantity} is null for a fee, whose quantity means nothing. */
  public record Line(@Nullable BigDecimal quantity, BigDecimal amount) {

    public boolean isNothing() {
      return amount.signum() == 0 && (quantity == null || quantity.signum() == 0);
    }
  }

  public BigDecimal total() {
    return lines.values().stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Whether nothing is billed, so that the server may leave the invoice out. */
  public boolean isNothing() {
    return lines.values().stream().allMatch(Line::isNothing);
  }
}
