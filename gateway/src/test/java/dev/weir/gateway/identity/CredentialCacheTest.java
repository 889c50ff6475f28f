package dev.weir.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.api.auth.AuthError;
import dev.weir.api.http.Permission;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CredentialCacheTest {

  private static final UUID KEY = new UUID(1, 1);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T00:00:00Z"));
  private final AtomicInteger lookups = new AtomicInteger();
  private Future<Optional<Credential>> answer = found("first");
  private final CredentialCache cache = new CredentialCache(
      id -> {
        lookups.incrementAndGet();
        return answer;
      },
      clock);

  private static Future<Optional<Credential>> found(String name) {
    return Future.succeededFuture(Optional.of(new Credential(
        new UUID(2, 2), TenantStatus.ACTIVE, KEY, name, Set.of(Permission.READ), "")));
  }

  private static Future<Optional<Credential>> away() {
    return Future.failedFuture(new ConnectException("refused"));
  }

  private String name() {
    return TestDatabase.await(cache.get(KEY)).orElseThrow().holderName();
  }

  private AuthError refusal() {
    Refusal refusal = assertThrows(Refusal.class, () -> TestDatabase.await(cache.get(KEY)));
    return (AuthError) refusal.code();
  }

  @Test
  void asksOnceWhileTheAnswerIsFresh() {
    assertEquals("first", name());
    answer = found("second");
    clock.advance(CredentialCache.FRESH_FOR.minusMillis(1));
    assertEquals("first", name());
    assertEquals(1, lookups.get());
    clock.advance(Duration.ofMillis(1));
    assertEquals("second", name());
    assertEquals(2, lookups.get());
  }

  @Test
  void answersAtOnceWhenTheAnswerIsFresh() {
    name();
    assertTrue(cache.get(KEY).isComplete());
  }

  @Test
  void aKnownCredentialWorksForAnHourWithoutTheDatabase() {
    name();
    answer = away();
    clock.advance(CredentialCache.USABLE_FOR.minusSeconds(1));
    assertEquals("first", name());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(AuthError.IDENTITY_UNAVAILABLE, refusal());
  }

  @Test
  void leavesADatabaseThatIsAwayAloneForAMoment() {
    name();
    answer = away();
    clock.advance(CredentialCache.FRESH_FOR);
    name();
    name();
    assertEquals(2, lookups.get());
    clock.advance(Duration.ofSeconds(3));
    name();
    assertEquals(3, lookups.get());
  }

  @Test
  void anUnknownCredentialIsUnavailableNotInvalidWithoutTheDatabase() {
    answer = away();
    assertEquals(AuthError.IDENTITY_UNAVAILABLE, refusal());
  }

  @Test
  void aDatabaseThatHangsDoesNotHoldUpAKnownCredential() {
    name();
    answer = Promise.<Optional<Credential>>promise().future();
    clock.advance(CredentialCache.FRESH_FOR);
    assertEquals("first", name());
  }

  @Test
  void aCredentialThatIsGoneIsForgotten() {
    name();
    answer = Future.succeededFuture(Optional.empty());
    clock.advance(CredentialCache.FRESH_FOR);
    assertFalse(TestDatabase.await(cache.get(KEY)).isPresent());
    answer = away();
    assertEquals(AuthError.IDENTITY_UNAVAILABLE, refusal());
  }

  @Test
  void aLookupThatWasRunningWhenTheCredentialEndedIsNotKept() {
    Promise<Optional<Credential>> running = Promise.promise();
    answer = running.future();
    Future<Optional<Credential>> asked = cache.get(KEY);
    cache.forget(KEY);
    running.complete(found("first").result());
    TestDatabase.await(asked);
    answer = Future.succeededFuture(Optional.empty());
    assertFalse(TestDatabase.await(cache.get(KEY)).isPresent());
  }

  @Test
  void manyAskersShareOneLookup() {
    Promise<Optional<Credential>> running = Promise.promise();
    answer = running.future();
    Future<Optional<Credential>> one = cache.get(KEY);
    Future<Optional<Credential>> two = cache.get(KEY);
    running.complete(found("first").result());
    assertTrue(TestDatabase.await(one).isPresent());
    assertTrue(TestDatabase.await(two).isPresent());
    assertEquals(1, lookups.get());
  }

  @Test
  void aBrokenStatementIsNotTakenForADatabaseThatIsAway() {
    name();
    answer = Future.failedFuture(new IllegalStateException("bug"));
    clock.advance(CredentialCache.FRESH_FOR);
    assertThrows(IllegalStateException.class, this::name);
  }

  @Test
  void lookupsInFlightAreBounded() {
    answer = Promise.<Optional<Credential>>promise().future();
    for (int i = 0; i < 512; i++) {
      Future<Optional<Credential>> unused = cache.get(new UUID(9, i));
    }
    assertEquals(AuthError.IDENTITY_UNAVAILABLE, refusal());
  }
}
