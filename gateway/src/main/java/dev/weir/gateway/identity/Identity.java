package dev.weir.gateway.identity;

import dev.weir.api.auth.Accounts;
import dev.weir.api.auth.ApiKey;
import dev.weir.api.auth.AuthError;
import dev.weir.api.auth.AuthRoutes;
import dev.weir.api.auth.CallerSession;
import dev.weir.api.auth.IssuedKey;
import dev.weir.api.auth.KeyScope;
import dev.weir.api.auth.SignedIn;
import dev.weir.api.auth.UserProfile;
import dev.weir.api.http.Answers.PageOf;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.metering.Ids;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Sign-in, sessions, API keys, and the users and tenants they belong to. Thread-safe. */
public final class Identity implements Accounts {

  /** How long a refresh token works; each exchange starts it anew. */
  public static final Duration REFRESH_LIFETIME = Duration.ofDays(30);

  private static final int KEYS_PER_TENANT_MAX = 1_000;

  /**
   * How sign-in is set up.
   *
   * @param jwtSecret at least 32 bytes
   */
  public record Options(String jwtSecret, int passwordThreads, int passwordQueueMax) {

    @Override
    public String toString() {
      return "Options[passwordThreads=" + passwordThreads + "]";
    }
  }

  private final Database database;
  private final InstantSource clock;
  private final Ids ids;
  private final Secrets secrets;
  private final Passwords passwords;
  private final AccessTokens tokens;
  private final CredentialCache sessionCache;
  private final CredentialCache keyCache;
  private final UserStore users = new UserStore();
  private final SessionStore sessions = new SessionStore();
  private final ApiKeyStore keys = new ApiKeyStore();

  public Identity(
      Vertx vertx,
      Database database,
      Options options,
      InstantSource clock,
      Ids ids,
      RandomGenerator random) {
    this.database = database;
    this.clock = clock;
    this.ids = ids;
    this.secrets = new Secrets(random);
    this.passwords =
        new Passwords(vertx, options.passwordThreads(), options.passwordQueueMax(), random);
    this.tokens = new AccessTokens(vertx, options.jwtSecret(), clock);
    this.sessionCache = new CredentialCache(
        id -> database.asEngine(connection -> sessions.credential(connection, id, now())), clock);
    this.keyCache = new CredentialCache(
        id -> database.asEngine(connection -> keys.credential(connection, id)), clock);
  }

  /** The handler that stands before every route which needs a caller. */
  public Authenticator authenticator() {
    return new Authenticator(tokens, sessionCache, keyCache);
  }

  @Override
  public Future<SignedIn> login(String email, String password) {
    return database
        .asEngine(connection -> users.byEmail(connection, normalized(email)))
        .compose(found -> passwords
            .matches(
                password.substring(0, Math.min(password.length(), PasswordRule.LENGTH_MAX + 1)),
                found.map(User::passwordHash).orElse(null))
            .map(matches -> requireSignedIn(found, matches)))
        .compose(this::startSession);
  }

  private static User requireSignedIn(Optional<User> found, boolean matches) {
    User user = found
        .filter(candidate -> matches && candidate.active())
        .orElseThrow(() ->
            new Refusal(AuthError.SIGN_IN_FAILED, "The email address or the password is wrong."));
    user.tenantStatus().requireActive();
    return user;
  }

  private Future<SignedIn> startSession(User user) {
    UUID sessionId = ids.next();
    String refreshToken = secrets.token();
    Instant now = now();
    Instant expiresAt = now.plus(REFRESH_LIFETIME);
    return database
        .asEngine(connection -> sessions
            .start(connection, sessionId, user, now, expiresAt)
            .compose(started -> sessions.addToken(
                connection,
                sessionId,
                user.tenantId(),
                Secrets.digest(refreshToken),
                now,
                expiresAt)))
        .map(stored -> signedIn(user, sessionId, refreshToken, now));
  }

  private SignedIn signedIn(User user, UUID sessionId, String refreshToken, Instant now) {
    return new SignedIn(
        user.profile(),
        tokens.issue(user, sessionId, now),
        refreshToken,
        sessionId,
        AccessTokens.LIFETIME.toSeconds());
  }

  @Override
  public Future<SignedIn> refresh(String refreshToken) {
    byte[] digest = Secrets.digest(refreshToken);
    Instant now = now();
    // A reused token must end the session, so that transaction has to commit; it refuses
    // afterwards.
    return database
        .asEngine(connection -> sessions
            .findToken(connection, digest, now)
            .compose(found -> exchange(connection, found, digest, now)))
        .map(exchange -> {
          exchange.ended().ifPresent(sessionCache::forget);
          return exchange.signedIn().orElseThrow(exchange::refusal);
        });
  }

  /** What became of a refresh token: new tokens, or the reason why not. */
  private record Exchange(Optional<SignedIn> signedIn, Refusal refusal, Optional<UUID> ended) {

    static Exchange refused(Refusal refusal) {
      return new Exchange(Optional.empty(), refusal, Optional.empty());
    }
  }

  private Future<Exchange> exchange(
      SqlConnection connection, Optional<SessionStore.Found> found, byte[] digest, Instant now) {
    Refusal invalid = new Refusal(
        AuthError.REFRESH_TOKEN_INVALID,
        "refreshToken",
        "The refresh token is unknown or its session has ended; sign in again.");
    if (found.isEmpty() || found.get().over()) {
      return Future.succeededFuture(Exchange.refused(invalid));
    }
    UUID sessionId = found.get().sessionId();
    if (found.get().used()) {
      return sessions
          .revoke(connection, sessionId, now)
          .map(new Exchange(Optional.empty(), reused(), Optional.of(sessionId)));
    }
    return users
        .byId(connection, found.get().userId())
        .compose(user -> user.filter(User::active).isEmpty()
            ? Future.succeededFuture(Exchange.refused(invalid))
            : rotate(connection, user.get(), sessionId, digest, now)
                .map(done -> new Exchange(Optional.of(done), invalid, Optional.empty())));
  }

  private Future<SignedIn> rotate(
      SqlConnection connection, User user, UUID sessionId, byte[] digest, Instant now) {
    user.tenantStatus().requireActive();
    String next = secrets.token();
    Instant expiresAt = now.plus(REFRESH_LIFETIME);
    return sessions
        .exchange(connection, sessionId, digest, now, expiresAt)
        .compose(marked -> sessions.addToken(
            connection, sessionId, user.tenantId(), Secrets.digest(next), now, expiresAt))
        .map(stored -> signedIn(user, sessionId, next, now));
  }

  private static Refusal reused() {
    return new Refusal(
        AuthError.REFRESH_TOKEN_REUSED,
        "refreshToken",
        "This refresh token was used before, so its session was ended for safety; sign in again.");
  }

  @Override
  public Future<Void> logout(CallerSession session) {
    return database
        .asEngine(connection -> sessions.revoke(connection, session.id(), now()))
        .onSuccess(revoked -> sessionCache.forget(session.id()));
  }

  @Override
  public Future<UserProfile> profile(Caller caller) {
    return database
        .inTenant(caller.tenantId(), connection -> users.byId(connection, caller.id()))
        .map(user -> user.map(User::profile)
            .orElseThrow(() -> new Refusal(
                AuthError.SESSION_ENDED, "This user is no longer there; sign in again.")));
  }

  @Override
  public Future<IssuedKey> createKey(Caller caller, String name, Set<KeyScope> scopes) {
    ApiKeyText text = new ApiKeyText(ids.next(), secrets.token());
    ApiKey key = new ApiKey(text.keyId(), name, scopes, now());
    return database
        .inTenant(
            caller.tenantId(),
            connection -> keys.count(connection, caller.tenantId()).compose(count -> {
              if (count >= KEYS_PER_TENANT_MAX) {
                throw new Refusal(
                    AuthError.API_KEYS_TOO_MANY,
                    "There are %d API keys already; delete some.".formatted(count));
              }
              return keys.add(connection, caller, key, Secrets.digest(text.secret()));
            }))
        .map(stored -> new IssuedKey(key, text.text()));
  }

  @Override
  public Future<PageOf<ApiKey>> keys(Caller caller, Page page) {
    return database.inTenant(
        caller.tenantId(), connection -> keys.list(connection, caller.tenantId(), page));
  }

  @Override
  public Future<Void> deleteKey(Caller caller, UUID keyId) {
    return database
        .inTenant(
            caller.tenantId(),
            connection -> keys.revoke(connection, caller.tenantId(), keyId, now()))
        .map(found -> {
          if (!found) {
            throw AuthRoutes.keyNotFound();
          }
          keyCache.forget(keyId);
          return null;
        });
  }

  /** Adds a tenant with this id unless there is one. */
  public Future<Void> ensureTenant(UUID tenantId, String name) {
    return database.asEngine(connection -> users.ensureTenant(connection, tenantId, name, now()));
  }

  /** A user to add, with the password as typed. */
  public record NewUser(
      UUID tenantId, String email, String password, Role role, String firstName, String lastName) {

    @Override
    public String toString() {
      return "NewUser[" + email + "]";
    }
  }

  /** Adds a user unless somebody has the address; refuses with PASSWORD_TOO_WEAK. */
  public Future<Void> ensureUser(NewUser user) {
    PasswordRule.check(user.password(), "password");
    return passwords
        .hash(user.password())
        .compose(hash ->
            database.asEngine(connection -> users.ensure(connection, stored(user, hash), now())));
  }

  /**
   * Adds a first tenant and administrator if nobody is there yet; true if it did. Several nodes may
   * try at the same time.
   */
  Future<Boolean> ensureFirst(NewUser administrator, String tenantName) {
    PasswordRule.check(administrator.password(), "password");
    return passwords
        .hash(administrator.password())
        .compose(hash -> database.asEngine(connection -> users
            .isEmpty(connection)
            .compose(empty -> empty
                ? users
                    .ensureTenant(connection, administrator.tenantId(), tenantName, now())
                    .compose(tenant -> users.ensure(connection, stored(administrator, hash), now()))
                    .map(added -> true)
                : Future.succeededFuture(false))));
  }

  /** Whether nobody can sign in yet. */
  Future<Boolean> isEmpty() {
    return database.asEngine(users::isEmpty);
  }

  Secrets secrets() {
    return secrets;
  }

  private User stored(NewUser user, String hash) {
    return new User(
        ids.next(),
        user.tenantId(),
        normalized(user.email()),
        user.firstName(),
        user.lastName(),
        user.role(),
        true,
        TenantStatus.ACTIVE,
        hash);
  }

  public Future<Void> close() {
    return passwords.close();
  }

  private static String normalized(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  /** In microseconds, which is what the database keeps. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
