package dev.weir.gateway.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.health.ComponentHealth.Status;
import dev.weir.metering.database.TestDatabase;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HealthTest {

  private static HealthCheck check(String name, boolean vital, ComponentHealth health) {
    return new HealthCheck(name, vital, () -> Future.succeededFuture(health));
  }

  private static Health.Report report(HealthCheck... checks) {
    return TestDatabase.await(new Health(List.of(checks), InstantSource.system()).report());
  }

  @Test
  void allUpIsUp() {
    Health.Report report = report(
        check("a", true, ComponentHealth.up(Map.of())),
        check("b", false, ComponentHealth.up(Map.of("x", 1))));
    assertEquals(Status.UP, report.status());
    assertTrue(report.ready());
    assertEquals(List.of("a", "b"), List.copyOf(report.components().keySet()));
  }

  @Test
  void aPartThatIsNotVitalOnlyDegrades() {
    Health.Report report = report(
        check("journal", true, ComponentHealth.up(Map.of())),
        check("database", false, ComponentHealth.down(Map.of())));
    assertEquals(Status.DEGRADED, report.status());
    assertTrue(report.ready());
  }

  @Test
  void aVitalPartTakesReadinessAway() {
    Health.Report report = report(check("journal", true, ComponentHealth.down(Map.of())));
    assertEquals(Status.DOWN, report.status());
    assertFalse(report.ready());
  }

  @Test
  void aCheckThatFailsOrThrowsIsDown() {
    Supplier<Future<ComponentHealth>> thrower = () -> {
      throw new IllegalStateException("bug");
    };
    Health.Report report = report(
        new HealthCheck("fails", false, () -> Future.failedFuture(new java.io.IOException())),
        new HealthCheck("throws", false, thrower));
    assertEquals(Status.DOWN, report.components().get("fails").status());
    assertEquals("IOException", report.components().get("fails").details().get("reason"));
    assertEquals(Status.DOWN, report.components().get("throws").status());
  }

  @Test
  void checksRunAtMostOnceASecond() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AtomicInteger asked = new AtomicInteger();
    Health health = new Health(
        List.of(new HealthCheck("a", false, () -> {
          asked.incrementAndGet();
          return Future.succeededFuture(ComponentHealth.up(Map.of()));
        })),
        now::get);
    TestDatabase.await(health.report());
    now.set(Instant.EPOCH.plusMillis(999));
    TestDatabase.await(health.report());
    assertEquals(1, asked.get());
    now.set(Instant.EPOCH.plusMillis(1_000));
    TestDatabase.await(health.report());
    assertEquals(2, asked.get());
  }
}
