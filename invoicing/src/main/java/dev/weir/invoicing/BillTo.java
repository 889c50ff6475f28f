package dev.weir.invoicing;

import dev.weir.rating.catalog.Address;
import dev.weir.rating.catalog.Customer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whom an invoice is made out to, as the customer was when it was billed. */
public record BillTo(
    UUID customerId,
    String key,
    String name,
    @Nullable String email,
    @Nullable Address address,
    @Nullable String taxId) {

  static BillTo of(Customer customer) {
    return new BillTo(
        customer.id(),
        customer.key(),
        customer.name(),
        customer.email(),
        customer.address(),
        customer.taxId());
  }
}
