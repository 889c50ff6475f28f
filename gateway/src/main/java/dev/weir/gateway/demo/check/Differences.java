package dev.weir.gateway.demo.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was not as expected: counts all, keeps the first {@value #KEPT_MAX}. Thread-safe. */
public final class Differences {

  static final int KEPT_MAX = 40;

  private final List<String> kept = new ArrayList<>();
  private long count;

  public synchronized void add(String difference) {
    count++;
    if (kept.size() < KEPT_MAX) {
      kept.add(difference);
    }
  }

  /** Adds a difference unless both are the same number; null means that there is none. */
  void compare(String what, @Nullable BigDecimal expected, @Nullable BigDecimal actual) {
    BigDecimal left = expected == null ? BigDecimal.ZERO : expected;
    BigDecimal right = actual == null ? BigDecimal.ZERO : actual;
    if (left.compareTo(right) != 0) {
      add("%s: expected %s, got %s".formatted(what, plain(expected), plain(actual)));
    }
  }

  private static String plain(@Nullable BigDecimal value) {
    return value == null ? "nothing" : value.toPlainString();
  }

  public synchronized boolean isEmpty() {
    return count == 0;
  }

  public synchronized long count() {
    return count;
  }

  /** The kept ones, and a last line that says how many more there are. */
  public synchronized List<String> lines() {
    List<String> lines = new ArrayList<>(kept);
    if (count > kept.size()) {
      lines.add("… and " + (count - kept.size()) + " more");
    }
    return lines;
  }
}
