package dev.weir.rating.price;

import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;

/** Prices for tests, written as on the wire but with single quotes. */
final class PricesRead {

  private PricesRead() {}

  /** Reads a price that stands in the field {@code price} of a document. */
  static Price price(String json) {
    String document = "{'price':" + json + "}";
    return PriceJson.read(
        JsonFields.of(Json.parseOwn(document.replace('\'', '"'))).object("price"));
  }
}
