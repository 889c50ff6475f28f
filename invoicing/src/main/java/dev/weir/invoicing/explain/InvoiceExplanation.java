package dev.weir.invoicing.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An invoice, line by line, down to its usage windows. */
public record InvoiceExplanation(Invoice invoice, List<Line> lines) {

  /**
   * @param frozen how the amount came about, as written down when it was billed; see package {@link
   *     dev.weir.invoicing}
   * @param usage null for a line that is not usage, and where it can no longer be read
   * @param usageMissing why a line that is usage shows none; null for every other line
   */
  public record Line(
      InvoiceItem item,
      JsonNode frozen,
      @Nullable LineUsage usage,
      @Nullable String usageMissing) {}

  public InvoiceExplanation {
    lines = List.copyOf(lines);
  }
}
