package dev.weir.rating.catalog;

import dev.weir.metering.Invariant;
import dev.weir.rating.price.Price;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing a plan bills: a fee, or the usage of a meter.
 *
 * @param key unique within the plan
 * @param meter present exactly when the type is USAGE
 * @param filter dimension of the meter to allowed values; only usage that matches every dimension
 * @param billing whether it is due at the start or the end of a period; usage is always in arrears
 */
public record RateCard(
    String key,
    @Nullable String name,
    @Nullable String description,
    Type type,
    @Nullable MeterRef meter,
    Map<String, Set<String>> filter,
    Price price,
    Billing billing) {

  /** What is billed. */
  public enum Type {
    FEE,
    USAGE
  }

  /** When it is due. */
  public enum Billing {
    IN_ADVANCE,
    IN_ARREARS
  }

  public RateCard {
    filter = filter.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
    Invariant.check(
        (type == Type.USAGE) == (meter != null), "usage cards, and only they, have a meter");
    Invariant.check(
        type == Type.FEE || billing == Billing.IN_ARREARS, "usage is billed in arrears");
  }

  /** The meter of a usage card. */
  public MeterRef meterOfUsage() {
    if (meter == null) {
      throw new IllegalStateException("rate card " + key + " is a fee");
    }
    return meter;
  }

  /** What a customer reads on a bill: the name, else the key. */
  public String title() {
    return name == null ? key : name;
  }
}
