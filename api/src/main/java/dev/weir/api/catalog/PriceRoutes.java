package dev.weir.api.catalog;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.Money;
import dev.weir.rating.RatingError;
import dev.weir.rating.price.Charge;
import dev.weir.rating.price.ChargeJson;
import dev.weir.rating.price.PriceJson;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Map;

/** Previews what a quantity would cost under a price that need not be in any plan. */
public final class PriceRoutes {

  private final Answers answers;

  public PriceRoutes(Answers answers) {
    this.answers = answers;
  }

  /** Adds the route; it needs a body handler and authentication before it. */
  public void mount(Router router) {
    router.post("/api/billing/prices/preview").handler(this::preview);
  }

  private void preview(RoutingContext context) {
    Caller.of(context, Permission.WRITE);
    Object priced = price(Answers.body(context));
    answers.send(context, 200, Future.succeededFuture(priced), wire -> wire);
  }

  /** Pure: the amount is exact, its steps add up to it, and the rounded amount stands beside it. */
  static Map<String, Object> price(JsonFields fields) {
    fields.allow("currency", "price", "quantity", "events");
    if (fields.has("events")) {
      throw new Refusal(
          RatingError.PRICE_EVENTS_UNSUPPORTED,
          "events",
          "'events' cannot be priced yet; send their total as 'quantity'.");
    }
    Currency currency = Money.currency(fields.text("currency"), "currency");
    Quantity quantity = new Quantity(fields.decimal("quantity"));
    if (quantity.signum() < 0) {
      throw fields.invalid("quantity", "must not be negative.");
    }
    Charge charge = PriceJson.read(fields.object("price")).rate(quantity);
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("currency", currency.getCurrencyCode());
    wire.put("quantity", quantity.toString());
    wire.put("amount", charge.amount().toPlainString());
    wire.put(
        "roundedAmount", new Money(charge.amount(), currency).rounded().amount().toPlainString());
    wire.put("lines", ChargeJson.lines(charge));
    return wire;
  }
}
