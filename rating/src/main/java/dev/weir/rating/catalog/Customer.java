package dev.weir.rating.catalog;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account the tenant bills.
 *
 * @param key unique within the tenant
 * @param timeZone where the days and months of its billing periods begin
 * @param subjects whose usage it pays for, sorted; a subject has one customer. Without subjects it
 *     has no usage
 */
public record Customer(
    UUID id,
    UUID tenantId,
    String key,
    String name,
    @Nullable String email,
    Currency currency,
    ZoneId timeZone,
    List<String> subjects,
    @Nullable Address address,
    @Nullable String taxId,
    Instant createdAt) {

  public Customer {
    subjects = subjects.stream().sorted().toList();
  }

  public Set<String> subjectSet() {
    return Set.copyOf(subjects);
  }
}
