package dev.weir.invoicing;

import java.util.Locale;

/** What a line of an invoice is for. */
public enum ItemType {
  /** A recurring fee of the plan. */
  SUBSCRIPTION,
  /** Metered usage. */
  USAGE,
  CREDIT,
  /** A one-time fee. */
  FEE,
  DISCOUNT,
  TAX;

  /** The word on the wire and in the database. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of a word this program wrote. */
  public static ItemType of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
