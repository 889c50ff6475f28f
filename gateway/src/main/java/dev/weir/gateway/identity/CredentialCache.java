package dev.weir.gateway.identity;

import dev.weir.api.auth.AuthError;
import dev.weir.api.http.Problems;
import dev.weir.metering.Refusal;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Credentials by session or key id, so that most requests need no query. An answer is taken for fresh
 * for 30 s; while the database is away it is used for up to an hour. Unknown ids are not remembered,
 * so that guessing cannot push good ones out; lookups in flight are bounded. Thread-safe; a hit costs
 * one short lock.
 */
final class CredentialCache {

  static final Duration FRESH_FOR = Duration.ofSeconds(30);
  static final Duration USABLE_FOR = Duration.ofHours(1);

  /** How long to leave the database alone once it did not answer about a credential we know. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final int ENTRIES_MAX = 20_000;
  private static final int LOOKUPS_MAX = 512;
  private static final long KNOWN_TIMEOUT_MILLIS = 500;
  private static final long LOOKUP_TIMEOUT_MILLIS = 5_000;

  private record Seen(Credential credential, Instant seenAt) {}

  private final Function<UUID, Future<Optional<Credential>>> lookup;
  private final InstantSource clock;
  private final Map<UUID, Future<Optional<Credential>>> inFlight = new HashMap<>();
  /** In order of their last lookup, so that the first is the one to give up when full. */
  private final Map<UUID, Seen> entries = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<UUID, Seen> eldest) {
      return size() > ENTRIES_MAX;
    }
  };

  private Instant awayUntil = Instant.MIN;

  CredentialCache(Function<UUID, Future<Optional<Credential>>> lookup, InstantSource clock) {
    this.lookup = lookup;
    this.clock = clock;
  }

  /** The credential, or nothing if there is none; refuses with IDENTITY_UNAVAILABLE if unsure. */
  Future<Optional<Credential>> get(UUID id) {
    Instant now = clock.instant();
    Seen known;
    synchronized (this) {
      known = entries.get(id);
      if (known != null && isUsable(known, now)) {
        return Future.succeededFuture(Optional.of(known.credential()));
      }
    }
    Seen stale = known;
    Future<Optional<Credential>> answer = lookUp(id);
    if (stale != null) {
      answer = answer.timeout(KNOWN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }
    return answer.recover(failure -> fallBack(stale, failure));
  }

  /** Forgets a credential that this process has just ended. */
  synchronized void forget(UUID id) {
    entries.remove(id);
    inFlight.remove(id);
  }

  /** Called with the lock held. */
  private boolean isUsable(Seen entry, Instant now) {
    Duration age = Duration.between(entry.seenAt(), now);
    return age.compareTo(now.isBefore(awayUntil) ? USABLE_FOR : FRESH_FOR) < 0;
  }

  private synchronized Future<Optional<Credential>> lookUp(UUID id) {
    Future<Optional<Credential>> running = inFlight.get(id);
    if (running != null) {
      return running;
    }
    if (inFlight.size() >= LOOKUPS_MAX) {
      return Future.failedFuture(unavailable());
    }
    Future<Optional<Credential>> started =
        lookup.apply(id).timeout(LOOKUP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    inFlight.put(id, started);
    started.onComplete(done -> finish(id, started));
    return started;
  }

  /** Keeps the answer, unless the credential was forgotten while the query ran. */
  private synchronized void finish(UUID id, Future<Optional<Credential>> lookedUp) {
    if (!inFlight.remove(id, lookedUp)) {
      return;
    }
    if (lookedUp.succeeded()) {
      awayUntil = Instant.MIN;
      entries.remove(id);
      lookedUp
          .result()
          .ifPresent(credential -> entries.put(id, new Seen(credential, clock.instant())));
    }
  }

  private Future<Optional<Credential>> fallBack(@Nullable Seen stale, Throwable failure) {
    boolean away = Problems.isDatabaseAway(failure);
    if (!away && !(failure instanceof Refusal)) {
      return Future.failedFuture(failure);
    }
    Instant now = clock.instant();
    if (away) {
      synchronized (this) {
        awayUntil = now.plus(PAUSE);
      }
    }
    return stale != null && Duration.between(stale.seenAt(), now).compareTo(USABLE_FOR) < 0
        ? Future.succeededFuture(Optional.of(stale.credential()))
        : Future.failedFuture(unavailable());
  }

  private static Refusal unavailable() {
    return new Refusal(
        AuthError.IDENTITY_UNAVAILABLE,
        "The credential cannot be checked just now; try again shortly.");
  }
}
