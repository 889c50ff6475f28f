package dev.weir.gateway.demo.traffic;

import dev.weir.gateway.client.Verdicts;
import java.math.BigDecimal;

/**
 * Sums of what the generator meant to send, in plain long arithmetic that fails on overflow rather
 * than wrap. One thread at a time.
 */
final class ExpectedTotals {

  private static final int MODELS = TrafficMix.MODELS.size();

  private final long[][] calls = new long[TrafficMix.CUSTOMERS][MODELS];
  private final long[][] inputTokens = new long[TrafficMix.CUSTOMERS][MODELS];
  private final long[][] outputTokens = new long[TrafficMix.CUSTOMERS][MODELS];
  private final long[][] costUnits = new long[TrafficMix.CUSTOMERS][MODELS];
  private final long[] peakLatencyMillis = new long[TrafficMix.CUSTOMERS];
  private final int[] regionBits = new int[TrafficMix.CUSTOMERS];

  private long accepted;
  private long duplicates;
  private long conflicts;
  private long rejected;

  void add(TrafficEvent event) {
    int customer = event.customer();
    int model = event.model();
    accepted++;
    calls[customer][model]++;
    inputTokens[customer][model] = Math.addExact(inputTokens[customer][model], event.inputTokens());
    outputTokens[customer][model] =
        Math.addExact(outputTokens[customer][model], event.outputTokens());
    costUnits[customer][model] = Math.addExact(costUnits[customer][model], event.costUnits());
    peakLatencyMillis[customer] = Math.max(peakLatencyMillis[customer], event.latencyMillis());
    regionBits[customer] |= 1 << event.region();
  }

  void addDuplicate() {
    duplicates++;
  }

  void addConflict() {
    conflicts++;
  }

  void addRejected() {
    rejected++;
  }

  Verdicts verdicts() {
    return new Verdicts(accepted, duplicates, conflicts, rejected);
  }

  BigDecimal calls(int customer, int model) {
    return BigDecimal.valueOf(calls[customer][model]);
  }

  BigDecimal inputTokens(int customer, int model) {
    return BigDecimal.valueOf(inputTokens[customer][model]);
  }

  BigDecimal outputTokens(int customer, int model) {
    return BigDecimal.valueOf(outputTokens[customer][model]);
  }

  BigDecimal cost(int customer, int model) {
    return BigDecimal.valueOf(costUnits[customer][model], TrafficMix.COST_SCALE);
  }

  BigDecimal peakLatencyMillis(int customer) {
    return BigDecimal.valueOf(peakLatencyMillis[customer]);
  }

  BigDecimal regionsUsed(int customer) {
    return BigDecimal.valueOf(Integer.bitCount(regionBits[customer]));
  }
}
