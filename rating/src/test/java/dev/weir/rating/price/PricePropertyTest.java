package dev.weir.rating.price;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Quantity;
import dev.weir.rating.Rounding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PricePropertyTest {

  private static final long SEED = 20_261_121L;
  private static final int ROUNDS = 3_000;

  /** Fixed-point scale of the oracle: quantities and prices have at most six decimals each. */
  private static final int DECIMALS = 6;

  private final Random random = new Random(SEED);

  @Test
  void stepsAndAdjustmentsAddUpToTheAmount() {
    for (int round = 0; round < ROUNDS; round++) {
      Price price = anyPrice();
      Charge charge = price.rate(quantity());
      BigDecimal sum = BigDecimal.ZERO;
      for (TierStep step : charge.steps()) {
        assertEquals(
            0,
            step.units()
                .value()
                .multiply(step.unitPrice())
                .add(step.flat())
                .compareTo(step.amount()),
            where(round, price));
        sum = sum.add(step.amount());
      }
      for (Adjustment adjustment : charge.adjustments()) {
        sum = sum.add(adjustment.amount());
      }
      assertEquals(0, sum.compareTo(charge.amount()), where(round, price));
      assertTrue(charge.amount().signum() >= 0, where(round, price));
    }
  }

  @Test
  void graduatedEqualsAnIntegerOracleThatWalksUnitSlices() {
    for (int round = 0; round < ROUNDS; round++) {
      GraduatedPrice price = new GraduatedPrice(tiers(true), PriceModifiers.NONE);
      Quantity quantity = quantity();
      BigInteger expected = oracle(price.tiers(), scaled(quantity.value()));
      assertEquals(
          0,
          new BigDecimal(expected, 2 * DECIMALS).compareTo(price.rate(quantity).amount()),
          where(round, price) + " quantity " + quantity);
    }
  }

  /** Integers only, from the last tier down: each tier prices what is above its lower bound. */
  private static BigInteger oracle(List<Tier> tiers, BigInteger units) {
    BigInteger amount = BigInteger.ZERO;
    BigInteger left = units;
    for (int i = tiers.size() - 1; i >= 0; i--) {
      BigInteger below = i == 0 ? BigInteger.ZERO : scaled(tiers.get(i - 1).upTo());
      if (left.compareTo(below) > 0 || i == 0) {
        amount = amount
            .add(left.subtract(below).multiply(scaled(tiers.get(i).unitPrice())))
            .add(scaled(tiers.get(i).flat()).multiply(BigInteger.TEN.pow(DECIMALS)));
        left = left.min(below);
      }
    }
    return amount;
  }

  private static BigInteger scaled(BigDecimal value) {
    return value.setScale(DECIMALS).unscaledValue();
  }

  @Test
  void graduatedNeverFallsAndHasNoJumpsWithoutFlatFees() {
    for (int round = 0; round < ROUNDS; round++) {
      GraduatedPrice price = new GraduatedPrice(tiers(false), PriceModifiers.NONE);
      BigDecimal dearest =
          price.tiers().stream().map(Tier::unitPrice).max(BigDecimal::compareTo).orElseThrow();
      Quantity less = quantity();
      Quantity step = new Quantity(new BigDecimal(BigInteger.valueOf(random.nextInt(50)), 6));
      BigDecimal rise =
          price.rate(less.plus(step)).amount().subtract(price.rate(less).amount());
      assertTrue(rise.signum() >= 0, where(round, price));
      assertTrue(rise.compareTo(step.value().multiply(dearest)) <= 0, where(round, price));
    }
  }

  @Test
  void graduatedTiersHoldTheWholeQuantityAndNoMore() {
    for (int round = 0; round < ROUNDS; round++) {
      GraduatedPrice price = new GraduatedPrice(tiers(true), PriceModifiers.NONE);
      Quantity quantity = quantity();
      Quantity held = Quantity.ZERO;
      for (TierStep step : price.rate(quantity).steps()) {
        held = held.plus(step.units());
        Quantity to = step.to();
        assertTrue(
            to == null || step.from().plus(step.units()).compareTo(to) <= 0, where(round, price));
      }
      assertEquals(quantity, held, where(round, price));
    }
  }

  @Test
  void volumeUsesTheOneTierThatHoldsTheQuantity() {
    for (int round = 0; round < ROUNDS; round++) {
      VolumePrice price = new VolumePrice(tiers(true), PriceModifiers.NONE);
      Quantity quantity = quantity().plus(Quantity.of("0.000001"));
      List<TierStep> steps = price.rate(quantity).steps();
      assertEquals(1, steps.size(), where(round, price));
      TierStep step = steps.get(0);
      Quantity to = step.to();
      assertEquals(quantity, step.units(), where(round, price));
      assertTrue(quantity.compareTo(step.from()) > 0, where(round, price));
      assertTrue(to == null || quantity.compareTo(to) <= 0, where(round, price));
    }
  }

  @Test
  void aGraduatedPriceWithOneTierIsPerUnit() {
    for (int round = 0; round < ROUNDS; round++) {
      BigDecimal unitPrice = decimal(1_000_000, 6);
      Quantity quantity = quantity();
      Price graduated = new GraduatedPrice(
          List.of(new Tier(null, unitPrice, BigDecimal.ZERO)), PriceModifiers.NONE);
      Price perUnit = new PerUnitPrice(unitPrice, PriceModifiers.NONE);
      assertEquals(
          0,
          graduated.rate(quantity).amount().compareTo(perUnit.rate(quantity).amount()),
          where(round, graduated));
    }
  }

  @Test
  void packagesCoverTheUsageWithLessThanOneToSpare() {
    for (int round = 0; round < ROUNDS; round++) {
      BigDecimal size = decimal(5_000, 3).add(new BigDecimal("0.001"));
      BigDecimal free = random.nextBoolean() ? BigDecimal.ZERO : decimal(2_000, 2);
      PackagePrice up = packages(size, free, PackagePrice.PartialPackage.UP);
      PackagePrice down = packages(size, free, PackagePrice.PartialPackage.DOWN);
      Quantity quantity = quantity();
      BigDecimal billable = quantity.value().subtract(free).max(BigDecimal.ZERO);
      BigDecimal above = up.rate(quantity).amount().multiply(size).subtract(billable);
      BigDecimal below = billable.subtract(down.rate(quantity).amount().multiply(size));
      assertTrue(above.signum() >= 0 && above.compareTo(size) < 0, where(round, up));
      assertTrue(below.signum() >= 0 && below.compareTo(size) < 0, where(round, down));
    }
  }

  /** One unit of money a package, so that the amount counts packages. */
  private static PackagePrice packages(
      BigDecimal size, BigDecimal free, PackagePrice.PartialPackage partial) {
    return new PackagePrice(size, BigDecimal.ONE, free, partial, PriceModifiers.NONE);
  }

  @Test
  void spendStaysBetweenMinimumAndMaximum() {
    for (int round = 0; round < ROUNDS; round++) {
      BigDecimal minimum = decimal(10_000, 2);
      BigDecimal maximum = minimum.add(decimal(100_000, 2));
      Price price = new GraduatedPrice(
          tiers(true),
          new PriceModifiers(decimal(500, 1), decimal(100, 0), maximum, minimum, null, true));
      BigDecimal amount = price.rate(quantity()).amount();
      assertTrue(
          amount.compareTo(minimum) >= 0 && amount.compareTo(maximum) <= 0, where(round, price));
    }
  }

  private Price anyPrice() {
    PriceModifiers modifiers = random.nextInt(3) == 0 ? PriceModifiers.NONE : modifiers();
    return switch (random.nextInt(5)) {
      case 0 -> new FlatPrice(decimal(100_000, 3), modifiers);
      case 1 -> new PerUnitPrice(decimal(1_000_000, 6), modifiers);
      case 2 -> new GraduatedPrice(tiers(true), modifiers);
      case 3 -> new VolumePrice(tiers(true), modifiers);
      default ->
        new PackagePrice(
            decimal(1_000, 1).add(BigDecimal.ONE),
            decimal(1_000, 2),
            decimal(100, 0),
            PackagePrice.PartialPackage.UP,
            modifiers);
    };
  }

  private PriceModifiers modifiers() {
    BigDecimal minimum = random.nextBoolean() ? null : decimal(10_000, 2);
    BigDecimal least = minimum == null ? BigDecimal.ZERO : minimum;
    Rounding.Mode[] modes = Rounding.Mode.values();
    return new PriceModifiers(
        random.nextBoolean() ? null : decimal(1_000, 1),
        random.nextBoolean() ? null : decimal(10_000, 2),
        random.nextBoolean() ? null : least.add(decimal(10_000, 2)),
        minimum,
        random.nextBoolean()
            ? null
            : new Rounding(modes[random.nextInt(modes.length)], random.nextInt(4)),
        random.nextBoolean());
  }

  private List<Tier> tiers(boolean flats) {
    List<Tier> tiers = new ArrayList<>();
    BigDecimal upTo = BigDecimal.ZERO;
    for (int left = random.nextInt(6); left >= 0; left--) {
      upTo = upTo.add(decimal(1_000_000, 1 + random.nextInt(5)).add(new BigDecimal("0.00001")));
      tiers.add(new Tier(
          left == 0 ? null : upTo,
          decimal(1_000_000, random.nextInt(7)),
          flats ? decimal(1_000, 2) : BigDecimal.ZERO));
    }
    return tiers;
  }

  private Quantity quantity() {
    return new Quantity(decimal(10_000_000, random.nextInt(7)));
  }

  private BigDecimal decimal(int bound, int scale) {
    return new BigDecimal(BigInteger.valueOf(random.nextInt(bound + 1)), scale);
  }

  private static String where(int round, Price price) {
    return "seed " + SEED + " round " + round + " " + price;
  }
}
