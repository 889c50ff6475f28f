package dev.weir.rating.price;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One tier of a graduated or volume price.
 *
 * @param upTo where it ends, inclusive; null for the open last tier
 * @param unitPrice per unit in it
 * @param flat once, when it is reached
 */
public record Tier(@Nullable BigDecimal upTo, BigDecimal unitPrice, BigDecimal flat) {}
