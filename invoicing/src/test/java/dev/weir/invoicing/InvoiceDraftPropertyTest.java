package dev.weir.invoicing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.metering.Quantity;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class InvoiceDraftPropertyTest {

  private static final List<String> CURRENCIES = List.of("USD", "EUR", "JPY", "KWD");

  @Test
  void itemsAddUpToTheTotalAndEachIsRoundedOnce() {
    for (long seed = 1; seed <= 500; seed++) {
      check(new Random(seed), "seed " + seed);
    }
  }

  private static void check(Random random, String seed) {
    String currency = CURRENCIES.get(random.nextInt(CURRENCIES.size()));
    int scale = java.util.Currency.getInstance(currency).getDefaultFractionDigits();
    Map<String, Quantity> quantities = new HashMap<>();
    List<RateCard> cards = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(12); i++) {
      cards.add(card(random, "card" + i));
      quantities.put("card" + i, new Quantity(decimal(random, 14, random.nextInt(10))));
    }
    Plan plan = Samples.plan(currency, cards.toArray(RateCard[]::new));

    InvoiceDraft draft = InvoiceDraft.close(
        Samples.subscription(plan), Samples.customer(currency), plan, 1, quantities);

    BigDecimal sum = BigDecimal.ZERO.setScale(scale);
    for (InvoiceItem item : draft.items(Samples.counting())) {
      assertEquals(item.exactAmount().setScale(scale, RoundingMode.HALF_UP), item.amount(), seed);
      sum = sum.add(item.amount());
    }
    Invoice invoice = draft.invoice(Samples.counting().next(), null, Samples.START);
    assertEquals(sum, invoice.amounts().total(), seed);
    assertEquals(sum, invoice.amounts().subtotal(), seed);
    assertEquals(cards.size(), draft.lines().size(), seed);
  }

  private static RateCard card(Random random, String key) {
    String unitPrice = decimal(random, 5, 9).toPlainString();
    return switch (random.nextInt(4)) {
      case 0 -> Samples.fee(key, unitPrice, RateCard.Billing.IN_ADVANCE);
      case 1 -> Samples.fee(key, unitPrice, RateCard.Billing.IN_ARREARS);
      case 2 -> Samples.usage(key, "{'model':'per_unit','unitPrice':'" + unitPrice + "'}");
      default ->
        Samples.usage(key, """
            {'model':'graduated','discountPercent':'12.5','tiers':[
             {'upTo':'1000','unitPrice':'%s','flat':'0.01'},
             {'upTo':null,'unitPrice':'%s','flat':'0'}]}""".formatted(unitPrice, decimal(random, 4, 8).toPlainString()));
    };
  }

  private static BigDecimal decimal(Random random, int digits, int scale) {
    long value = Math.floorMod(random.nextLong(), BigDecimal.TEN.pow(digits).longValueExact());
    return BigDecimal.valueOf(value, scale);
  }
}
