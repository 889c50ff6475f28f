package dev.weir.invoicing;

import dev.weir.metering.ErrorCode;

/** Codes of refusals that invoicing gives. */
public enum InvoicingError implements ErrorCode {
  INVOICE_NOT_FOUND(Category.NOT_FOUND),
  INVOICE_STATUS_REFUSED(Category.CONFLICT),
  INVOICE_FILTER_INVALID(Category.INVALID),
  INVOICE_TOTAL_OUT_OF_BOUNDS(Category.UNPROCESSABLE),
  INVOICE_CURRENCY_MISMATCH(Category.UNPROCESSABLE),
  INVOICE_BILL_FAILED(Category.INTERNAL),

  EXPLAIN_LINE_UNKNOWN(Category.NOT_FOUND),
  EXPLAIN_WINDOW_INVALID(Category.INVALID),
  EXPLAIN_EVENTS_UNSUPPORTED(Category.INVALID),

  RUN_NOT_FOUND(Category.NOT_FOUND),
  RUN_IN_PROGRESS(Category.CONFLICT),
  RUN_UNTIL_IN_FUTURE(Category.UNPROCESSABLE),
  RUN_USAGE_NOT_VISIBLE(Category.UNAVAILABLE),
  RUN_FAILED(Category.INTERNAL);

  private final Category category;

  InvoicingError(Category category) {
    this.category = category;
  }

  @Override
  public Category category() {
    return category;
  }
}
