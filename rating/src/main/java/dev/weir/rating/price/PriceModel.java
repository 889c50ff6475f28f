package dev.weir.rating.price;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The price models this version rates. */
public enum PriceModel {
  FLAT,
  PER_UNIT,
  GRADUATED,
  VOLUME,
  PACKAGE;

  /** The name on the wire, in lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> wireNames() {
    return Arrays.stream(values()).map(PriceModel::wireName).toList();
  }
}
