package dev.weir.gateway.health;

import dev.weir.gateway.health.ComponentHealth.Status;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Asks every part and sums up. Thread-safe; checks run at most once a second. */
public final class Health {

  /** Where the process is in its life. */
  public enum Phase {
    STARTING,
    RUNNING,
    STOPPING
  }

  /** The whole, with its parts in the order they were given. */
  public record Report(Status status, boolean ready, Map<String, ComponentHealth> components) {

    public Report {
      components = Collections.unmodifiableMap(new LinkedHashMap<>(components));
    }
  }

  private static final Duration FRESH_FOR = Duration.ofSeconds(1);
  private static final long CHECK_TIMEOUT_MILLIS = 2_000;

  private final List<HealthCheck> checks;
  private final InstantSource clock;
  private final Instant startedAt;
  private volatile Phase phase = Phase.STARTING;
  private Instant askedAt = Instant.MIN;
  private Future<Report> latest = Future.failedFuture("not asked yet");

  public Health(List<HealthCheck> checks, InstantSource clock) {
    this.checks = List.copyOf(checks);
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  public Phase phase() {
    return phase;
  }

  public void enter(Phase next) {
    phase = next;
  }

  public Duration uptime() {
    return Duration.between(startedAt, clock.instant());
  }

  /** The state of everything; never fails. */
  public synchronized Future<Report> report() {
    Instant now = clock.instant();
    if (!now.isBefore(askedAt) && askedAt.isAfter(now.minus(FRESH_FOR))) {
      return latest;
    }
    askedAt = now;
    latest = ask();
    return latest;
  }

  private Future<Report> ask() {
    List<Future<ComponentHealth>> answers = new ArrayList<>();
    for (HealthCheck check : checks) {
      answers.add(ask(check));
    }
    return Future.all(answers)
        .map(all -> sumUp(answers.stream().map(Future::result).toList()));
  }

  /** The answers are in the order of the checks. */
  private Report sumUp(List<ComponentHealth> answers) {
    Map<String, ComponentHealth> components = new LinkedHashMap<>();
    boolean vitalDown = false;
    boolean degraded = false;
    for (int i = 0; i < checks.size(); i++) {
      ComponentHealth answer = answers.get(i);
      components.put(checks.get(i).name(), answer);
      vitalDown |= checks.get(i).vital() && answer.status() == Status.DOWN;
      degraded |= answer.status() != Status.UP;
    }
    Status status = vitalDown ? Status.DOWN : degraded ? Status.DEGRADED : Status.UP;
    return new Report(status, !vitalDown, components);
  }

  private static Future<ComponentHealth> ask(HealthCheck check) {
    Future<ComponentHealth> answer;
    try {
      answer = check.ask().get();
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    return answer
        .timeout(CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .otherwise(
            failure -> ComponentHealth.down(Map.of("reason", failure.getClass().getSimpleName())));
  }
}
