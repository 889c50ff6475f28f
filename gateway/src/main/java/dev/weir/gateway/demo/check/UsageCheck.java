package dev.weir.gateway.demo.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.workload.DemoMeter;
import dev.weir.gateway.demo.workload.UsageKey;
import dev.weir.gateway.demo.workload.Workload;
import dev.weir.gateway.terminal.CommandFailure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares the usage the server reports with what was sent, for every subject and group. */
public final class UsageCheck {

  private static final int SUBJECTS_PER_QUERY = 50;
  /** For all meters together: five seconds. */
  private static final int LOOKS_MAX = 20;

  private static final long LOOK_AGAIN_MILLIS = 250;

  private final WeirClient client;
  private final Workload workload;
  private int looksLeft = LOOKS_MAX;

  /** One meter's grand totals, for the report; UNIQUE_COUNT and MAX are summed over subjects. */
  public record MeterTotal(String meter, int groups, BigDecimal expected, BigDecimal actual) {}

  public UsageCheck(WeirClient client, Workload workload) {
    this.client = client;
    this.workload = workload;
  }

  /**
   * Waits until everything up to the positions is visible, then compares. With several lanes the
   * last positions need not cover every lane, so a difference is looked at again for some seconds.
   */
  public List<MeterTotal> run(Set<String> positions, Differences differences) {
    String anyMeter = workload.meters().get(0).key();
    for (String position : positions) {
      client.get(path(anyMeter) + "&after=" + WeirClient.encoded(position));
    }
    List<MeterTotal> totals = new ArrayList<>();
    for (DemoMeter meter : workload.meters()) {
      totals.add(compare(meter, differences));
    }
    return totals;
  }

  private MeterTotal compare(DemoMeter meter, Differences differences) {
    Map<UsageKey, BigDecimal> expected = workload.expectedUsage(meter);
    Map<UsageKey, BigDecimal> actual = query(meter);
    while (looksLeft > 0 && !equal(expected, actual)) {
      looksLeft--;
      pause();
      actual = query(meter);
    }
    Set<UsageKey> keys = new TreeSet<>(UsageKey.ORDER);
    keys.addAll(expected.keySet());
    keys.addAll(actual.keySet());
    for (UsageKey key : keys) {
      differences.compare(
          "usage, %s of %s".formatted(meter.key(), key), expected.get(key), actual.get(key));
    }
    return new MeterTotal(meter.key(), keys.size(), sum(expected), sum(actual));
  }

  private static boolean equal(Map<UsageKey, BigDecimal> left, Map<UsageKey, BigDecimal> right) {
    return left.keySet().equals(right.keySet())
        && left.entrySet().stream()
            .allMatch(entry -> entry.getValue().compareTo(right.get(entry.getKey())) == 0);
  }

  private static BigDecimal sum(Map<UsageKey, BigDecimal> usage) {
    return usage.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted while waiting for usage.");
    }
  }

  private Map<UsageKey, BigDecimal> query(DemoMeter meter) {
    Map<UsageKey, BigDecimal> usage = new HashMap<>();
    List<String> subjects = new ArrayList<>(workload.customers().values());
    for (int from = 0; from < subjects.size(); from += SUBJECTS_PER_QUERY) {
      int to = Math.min(from + SUBJECTS_PER_QUERY, subjects.size());
      for (JsonNode row : rows(meter, subjects.subList(from, to))) {
        String group = meter.splitBy() == null
            ? ""
            : row.path("groupBy").path(meter.splitBy()).asText();
        usage.merge(
            new UsageKey(row.path("subject").asText(), group),
            row.path("value").decimalValue(),
            BigDecimal::add);
      }
    }
    return usage;
  }

  private JsonNode rows(DemoMeter meter, Collection<String> subjects) {
    StringBuilder path = new StringBuilder(path(meter.key())).append("&groupBy=subject");
    if (meter.splitBy() != null) {
      path.append("&groupBy=").append(WeirClient.encoded(meter.splitBy()));
    }
    subjects.forEach(subject -> path.append("&subject=").append(WeirClient.encoded(subject)));
    return client.get(path.toString()).path("data");
  }

  private String path(String meter) {
    return "/api/v1/meters/%s/query?from=%s&to=%s"
        .formatted(WeirClient.encoded(meter), workload.from(), workload.until());
  }
}
