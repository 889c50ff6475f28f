package dev.weir.benchmarks.ingest;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was sent and what the server said about it, warm-up included. Thread-safe. */
public final class Ledger {

  private final AtomicLong numbers = new AtomicLong();
  private final LongAdder acceptedEvents = new LongAdder();
  private final LongAdder acceptedValue = new LongAdder();
  private final LongAdder unknownValue = new LongAdder();
  private final Map<Integer, LongAdder> refusedRequests = new ConcurrentSkipListMap<>();
  private final LongAdder oddRequests = new LongAdder();
  private final AtomicReference<@Nullable Acknowledged> latest = new AtomicReference<>();

  /**
   * An acknowledgement to look for in queries.
   *
   * @param nanos when it came
   */
  record Acknowledged(String position, long nanos) {}

  /** Numbers for so many events, never given before. */
  long take(int events) {
    return numbers.getAndAdd(events);
  }

  void accepted(long events, long value) {
    acceptedEvents.add(events);
    acceptedValue.add(value);
  }

  /** Whether they count, nobody can say: no answer came. */
  void unknown(long value) {
    unknownValue.add(value);
  }

  /** The whole request was refused, as under overload. */
  void refused(int status) {
    refusedRequests.computeIfAbsent(status, of -> new LongAdder()).increment();
  }

  /** Events were new and well-formed, and still not all of them were accepted. */
  void odd() {
    oddRequests.increment();
  }

  /** Of answered requests. */
  public long acceptedEvents() {
    return acceptedEvents.sum();
  }

  long acceptedValue() {
    return acceptedValue.sum();
  }

  /** The values of events whose request was not answered. */
  public long unknownValue() {
    return unknownValue.sum();
  }

  public long refusedRequests() {
    return refusedRequests.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** How many requests were refused, and with which status of HTTP; as {@code 3 requests refused (429: 3)}. */
  String refusals() {
    String statuses = refusedRequests.entrySet().stream()
        .map(entry -> String.format(
            Locale.ROOT, "%d: %,d", entry.getKey(), entry.getValue().sum()))
        .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%,d requests refused%s",
        refusedRequests(),
        statuses.isEmpty() ? "" : " (" + statuses + ")");
  }

  long oddRequests() {
    return oddRequests.sum();
  }

  /** Offers an acknowledgement to whoever looks for visibility, if they want one. */
  void offer(Acknowledged acknowledged) {
    latest.compareAndSet(null, acknowledged);
  }

  boolean wantsOffer() {
    return latest.get() == null;
  }

  /** Takes the one that was offered. */
  @Nullable
  Acknowledged taken() {
    return latest.getAndSet(null);
  }
}
