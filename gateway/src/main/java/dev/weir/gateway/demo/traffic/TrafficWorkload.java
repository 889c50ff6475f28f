package dev.weir.gateway.demo.traffic;

import static dev.weir.gateway.demo.workload.Tariff.Tier.beyond;
import static dev.weir.gateway.demo.workload.Tariff.Tier.upTo;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.EventBatch;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.demo.workload.DemoMeter;
import dev.weir.gateway.demo.workload.DemoPlan;
import dev.weir.gateway.demo.workload.ExpectedInvoice;
import dev.weir.gateway.demo.workload.ExpectedInvoice.Line;
import dev.weir.gateway.demo.workload.Tariff;
import dev.weir.gateway.demo.workload.UsageCard;
import dev.weir.gateway.demo.workload.UsageKey;
import dev.weir.gateway.demo.workload.Workload;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The generated month: its meters, its plan and what every customer must be billed. */
public final class TrafficWorkload implements Workload {

  private static final String BY_MODEL = "model";
  private static final String INPUT = "input_tokens";
  private static final String OUTPUT = "output_tokens";
  private static final String CALLS = "calls";
  private static final String COST = "cost";
  private static final String PEAK = "peak_latency";
  private static final String REGIONS = "regions_used";
  private static final String PREMIUM_MODEL = "atlas-large";

  private static final BigDecimal BASE_FEE = new BigDecimal("99.00");

  private final long events;
  private final BodyFormat format;
  private final TrafficGenerator generator;
  private final List<String> customers = TrafficMix.customers();
  private final DemoPlan plan = new DemoPlan("llm-pro", "LLM Pro", BASE_FEE, cards());

  public TrafficWorkload(long seed, long events, int batchEvents, BodyFormat format) {
    this.events = events;
    this.format = format;
    this.generator = new TrafficGenerator(seed, events, batchEvents, format);
  }

  private static List<UsageCard> cards() {
    List<UsageCard> cards = new ArrayList<>();
    cards.add(new UsageCard(
        "input",
        INPUT,
        Map.of(),
        new Tariff.Graduated(List.of(
            upTo("100000", "0", "0"),
            upTo("2000000", "0.0000125", "1.50"),
            upTo("10000000", "0.00000945", "0"),
            beyond("0.000007205", "25")))));
    for (TrafficMix.Model model : TrafficMix.MODELS) {
      Tariff tariff = model.name().equals(PREMIUM_MODEL)
          ? new Tariff.PerUnit(new BigDecimal("0.00004285"))
          : new Tariff.Volume(List.of(
              upTo("50000", "0.000021", "0"),
              upTo("1000000", "0.0000163", "0.35"),
              beyond("0.0000119", "2")));
      cards.add(
          new UsageCard("output-" + model.name(), OUTPUT, Map.of(BY_MODEL, model.name()), tariff));
    }
    cards.add(new UsageCard(
        "calls", CALLS, Map.of(), new Tariff.Packages(1_000, new BigDecimal("0.45"))));
    cards.add(
        new UsageCard("cost-plus", COST, Map.of(), new Tariff.PerUnit(new BigDecimal("0.0725"))));
    return cards;
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "%,d generated LLM calls of January 2026 by %d customers, plus duplicates, late,"
            + " conflicting and faulty ones",
        events,
        customers.size());
  }

  @Override
  public List<DemoMeter> meters() {
    return List.of(
        meter(INPUT, "SUM", INPUT, true),
        meter(OUTPUT, "SUM", OUTPUT, true),
        new DemoMeter(CALLS, TrafficEvent.TYPE, "COUNT", null, List.of(BY_MODEL), BY_MODEL),
        meter(COST, "SUM", COST, true),
        meter(PEAK, "MAX", "latency_ms", false),
        meter(REGIONS, "UNIQUE_COUNT", "region", false));
  }

  private static DemoMeter meter(
      String key, String aggregation, String property, boolean splitByModel) {
    return splitByModel
        ? new DemoMeter(key, TrafficEvent.TYPE, aggregation, property, List.of(BY_MODEL), BY_MODEL)
        : new DemoMeter(key, TrafficEvent.TYPE, aggregation, property, List.of(), null);
  }

  @Override
  public DemoPlan plan() {
    return plan;
  }

  @Override
  public Map<String, String> customers() {
    Map<String, String> subjects = new LinkedHashMap<>();
    customers.forEach(name -> subjects.put(name, name));
    return subjects;
  }

  @Override
  public Instant from() {
    return TrafficCalendar.FROM;
  }

  @Override
  public Instant until() {
    return TrafficCalendar.UNTIL;
  }

  @Override
  public long eventsToSend() {
    return generator.eventsToSend();
  }

  @Override
  public BodyFormat format() {
    return format;
  }

  @Override
  public boolean fill(EventBatch batch) {
    return generator.fill(batch);
  }

  @Override
  public Verdicts expectedVerdicts() {
    return generator.totals().verdicts();
  }

  @Override
  public Map<UsageKey, BigDecimal> expectedUsage(DemoMeter meter) {
    Map<UsageKey, BigDecimal> usage = new HashMap<>();
    for (int customer = 0; customer < customers.size(); customer++) {
      String subject = customers.get(customer);
      if (total(CALLS, customer).signum() == 0) {
        continue;
      }
      if (meter.splitBy() == null) {
        usage.put(new UsageKey(subject, ""), total(meter.key(), customer));
        continue;
      }
      for (int model = 0; model < TrafficMix.MODELS.size(); model++) {
        if (generator.totals().calls(customer, model).signum() > 0) {
          usage.put(
              new UsageKey(subject, TrafficMix.MODELS.get(model).name()),
              value(meter.key(), customer, model));
        }
      }
    }
    return usage;
  }

  private BigDecimal value(String meter, int customer, int model) {
    ExpectedTotals totals = generator.totals();
    return switch (meter) {
      case INPUT -> totals.inputTokens(customer, model);
      case OUTPUT -> totals.outputTokens(customer, model);
      case CALLS -> totals.calls(customer, model);
      case COST -> totals.cost(customer, model);
      default -> throw new IllegalArgumentException(meter);
    };
  }

  private BigDecimal total(String meter, int customer) {
    if (meter.equals(PEAK)) {
      return generator.totals().peakLatencyMillis(customer);
    }
    if (meter.equals(REGIONS)) {
      return generator.totals().regionsUsed(customer);
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int model = 0; model < TrafficMix.MODELS.size(); model++) {
      sum = sum.add(value(meter, customer, model));
    }
    return sum;
  }

  /** January's fee in advance; then January's usage with February's fee in advance. */
  @Override
  public List<ExpectedInvoice> expectedInvoices(String customerKey) {
    int customer = customers.indexOf(customerKey);
    SortedMap<String, Line> fee = new TreeMap<>();
    fee.put(DemoPlan.BASE_CARD, new Line(null, BASE_FEE));
    SortedMap<String, Line> usage = new TreeMap<>(fee);
    for (UsageCard card : plan.cards()) {
      BigDecimal quantity = quantity(card, customer);
      usage.put(card.key(), new Line(quantity, card.tariff().billed(quantity)));
    }
    return List.of(new ExpectedInvoice(null, fee), new ExpectedInvoice(from(), usage));
  }

  private BigDecimal quantity(UsageCard card, int customer) {
    String model = card.filter().get(BY_MODEL);
    if (model == null) {
      return total(card.meter(), customer);
    }
    List<String> names = TrafficMix.MODELS.stream().map(TrafficMix.Model::name).toList();
    return value(card.meter(), customer, names.indexOf(model));
  }

  @Override
  public List<String> remarks() {
    return List.of();
  }
}
