package dev.weir.invoicing;

import dev.weir.metering.Invariant;
import java.time.Duration;
import java.time.Instant;

/** How long a customer has to pay, in days of 24 hours from the issue date. */
public record PaymentTerms(int days) {

  public static final PaymentTerms STANDARD = new PaymentTerms(30);

  public PaymentTerms {
    Invariant.check(days >= 0 && days <= 365, "payment terms are 0 to 365 days");
  }

  Instant dueDate(Instant issueDate) {
    return issueDate.plus(Duration.ofDays(days));
  }
}
