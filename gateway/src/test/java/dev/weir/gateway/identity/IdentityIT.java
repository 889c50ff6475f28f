package dev.weir.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.auth.AuthRoutes;
import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.gateway.http.HttpLimits;
import dev.weir.gateway.http.TestServer;
import dev.weir.metering.TimeOrderedIds;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in, sessions and keys over HTTP, with the real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityIT {

  private static final String SECRET = "a secret of at least thirty-two bytes, for tests";
  private static final String PASSWORD = "Secret123";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T00:00:00Z"));
  private final SecureRandom random = new SecureRandom();
  private TestDatabase database;
  private Identity identity;
  private TestServer server;
  private UUID tenant;
  private String email;

  @BeforeAll
  void start() {
    database = TestDatabase.create();
    identity = newIdentity(2, 64);
    server = newServer(identity);
  }

  private Identity newIdentity(int threads, int queueMax) {
    return new Identity(
        database.vertx(),
        database.database(),
        new Identity.Options(SECRET, threads, queueMax),
        clock,
        new TimeOrderedIds(clock, random),
        random);
  }

  private TestServer newServer(Identity served) {
    return new TestServer(
        database.vertx(),
        HttpLimits.STANDARD,
        served.authenticator(),
        List.of(router -> router.post("/api/stream").handler(this::count)),
        List.of(new AuthRoutes(served, new Answers(clock))::mount, this::mountProbes));
  }

  /** One route for each permission. */
  private void mountProbes(Router router) {
    for (Permission permission : Permission.values()) {
      router.get("/api/probe/" + permission.name()).handler(context -> {
        Caller caller = Caller.of(context, permission);
        Answers.write(context, 200, Map.of("tenant", caller.tenantId()));
      });
    }
  }

  private void count(RoutingContext context) {
    long[] bytes = new long[1];
    context.request().handler(chunk -> bytes[0] += chunk.length());
    context.request().endHandler(end -> Answers.write(context, 200, Map.of("bytes", bytes[0])));
  }

  @AfterAll
  void stop() {
    server.close();
    TestDatabase.await(identity.close());
    database.close();
  }

  @BeforeEach
  void newTenant() {
    tenant = UUID.randomUUID();
    email = "admin-" + tenant + "@example.com";
    TestDatabase.await(identity.ensureTenant(tenant, "Test"));
    addUser(email, Role.ADMIN);
  }

  private void addUser(String address, Role role) {
    TestDatabase.await(identity.ensureUser(
        new Identity.NewUser(tenant, address, PASSWORD, role, "Ada", "Lovelace")));
  }

  private HttpResponse<String> login(String address, String password) {
    return server.send(
        "POST",
        "/api/auth/login",
        Json.text(Map.of("email", address, "password", password)),
        "Content-Type",
        "application/json");
  }

  private JsonNode signedIn() {
    HttpResponse<String> answer = login(email, PASSWORD);
    assertEquals(200, answer.statusCode(), answer.body());
    return data(answer);
  }

  private String bearer() {
    return signedIn().get("accessToken").textValue();
  }

  private static JsonNode data(HttpResponse<String> answer) {
    JsonNode body = Json.parseOwn(answer.body());
    assertTrue(body.get("success").booleanValue(), answer.body());
    return body.get("data");
  }

  private HttpResponse<String> get(String path, String credential, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Authorization", "Bearer " + credential));
    return server.send("GET", path, null, all.toArray(String[]::new));
  }

  private HttpResponse<String> post(String path, String body, String credential) {
    return server.send("POST", path, body, "Authorization", "Bearer " + credential);
  }

  private HttpResponse<String> refresh(String token) {
    return server.send("POST", "/api/auth/refresh", Json.text(Map.of("refreshToken", token)));
  }

  private static void assertRefused(int status, String code, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(code, Json.parseOwn(answer.body()).at("/error/code").textValue(), answer.body());
  }

  private void sql(String statement) {
    try (Connection connection = database.superuser();
        Statement run = connection.createStatement()) {
      run.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSignInAnswersInTheAgreedShape() {
    JsonNode data = signedIn();
    assertEquals(86_400, data.get("expiresIn").intValue());
    assertEquals(email, data.at("/user/email").textValue());
    assertEquals(tenant.toString(), data.at("/user/tenantId").textValue());
    assertEquals("ADMIN", data.at("/user/role").textValue());
    assertEquals("Ada", data.at("/user/firstName").textValue());
    assertEquals("Lovelace", data.at("/user/lastName").textValue());
    UUID.fromString(data.get("sessionId").textValue());

    JsonObject claims = claims(data.get("accessToken").textValue());
    assertEquals(data.at("/user/id").textValue(), claims.getString("sub"));
    assertEquals(email, claims.getString("email"));
    assertEquals(tenant.toString(), claims.getString("tenantId"));
    assertEquals("ADMIN", claims.getString("role"));
    assertEquals("weir", claims.getString("iss"));
    assertEquals(clock.instant().getEpochSecond(), claims.getLong("iat"));
    assertEquals(clock.instant().getEpochSecond() + 86_400, claims.getLong("exp"));
    assertTrue(claims.getValue("aud").toString().contains("weir-api"));

    HttpResponse<String> me = get("/api/auth/me", data.get("accessToken").textValue());
    assertEquals(data.get("user"), data(me));
  }

  private static JsonObject claims(String token) {
    String payload = token.split("\\.", -1)[1];
    return new JsonObject(
        new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
  }

  @Test
  void theAddressIsComparedWithoutRegardToCase() {
    assertEquals(200, login(email.toUpperCase(java.util.Locale.ROOT), PASSWORD).statusCode());
  }

  @Test
  void aWrongPasswordAndAnUnknownAddressGetTheSameAnswer() {
    HttpResponse<String> wrong = login(email, "Secret124");
    HttpResponse<String> unknown = login("nobody@example.com", "Secret124");
    assertRefused(401, "SIGN_IN_FAILED", wrong);
    assertRefused(401, "SIGN_IN_FAILED", unknown);
    assertEquals(
        Json.parseOwn(wrong.body()).get("error"), Json.parseOwn(unknown.body()).get("error"));
    assertRefused(401, "SIGN_IN_FAILED", login(email, PASSWORD + "x".repeat(500)));
  }

  @Test
  void aDisabledUserCannotSignInAndItsTokensEnd() {
    JsonNode data = signedIn();
    sql("UPDATE users SET status = 'DISABLED' WHERE email = '" + email + "'");
    assertRefused(401, "SIGN_IN_FAILED", login(email, PASSWORD));
    assertRefused(401, "REFRESH_TOKEN_INVALID", refresh(data.get("refreshToken").textValue()));
    assertRefused(
        401, "SESSION_ENDED", get("/api/auth/me", data.get("accessToken").textValue()));
  }

  @Test
  void malformedSignInsNameTheField() {
    HttpResponse<String> missing = server.send("POST", "/api/auth/login", "{\"email\":\"a@b\"}");
    assertRefused(400, "FIELD_MISSING", missing);
    assertEquals("password", Json.parseOwn(missing.body()).at("/error/field").textValue());
    assertRefused(
        400,
        "FIELD_INVALID",
        server.send("POST", "/api/auth/login", "{\"email\":7,\"password\":\"x\"}"));
    assertRefused(400, "JSON_MALFORMED", server.send("POST", "/api/auth/login", "{"));
    assertRefused(400, "JSON_MALFORMED", server.send("POST", "/api/auth/login", null));
    assertRefused(400, "FIELD_INVALID", server.send("POST", "/api/auth/login", "[]"));
  }

  @Test
  void aRefreshTokenWorksOnceAndIsReplaced() {
    JsonNode first = signedIn();
    HttpResponse<String> answer = refresh(first.get("refreshToken").textValue());
    assertEquals(200, answer.statusCode(), answer.body());
    JsonNode second = data(answer);
    assertEquals(first.get("sessionId"), second.get("sessionId"));
    assertNotEquals(first.get("refreshToken"), second.get("refreshToken"));
    assertEquals(200, get("/api/auth/me", second.get("accessToken").textValue()).statusCode());
    assertEquals(200, refresh(second.get("refreshToken").textValue()).statusCode());
  }

  @Test
  void aReusedRefreshTokenEndsTheWholeSessionAtOnce() {
    JsonNode first = signedIn();
    JsonNode second = data(refresh(first.get("refreshToken").textValue()));
    String access = second.get("accessToken").textValue();
    assertEquals(200, get("/api/auth/me", access).statusCode());

    assertRefused(401, "REFRESH_TOKEN_REUSED", refresh(first.get("refreshToken").textValue()));

    assertRefused(401, "SESSION_ENDED", get("/api/auth/me", access));
    assertRefused(
        401, "REFRESH_TOKEN_INVALID", refresh(second.get("refreshToken").textValue()));
  }

  @Test
  void twoUsesOfOneTokenAtTheSameTimeEndTheSession() throws Exception {
    JsonNode first = signedIn();
    String token = first.get("refreshToken").textValue();
    List<Integer> statuses = inParallel(4, () -> refresh(token).statusCode());
    assertEquals(1, statuses.stream().filter(status -> status == 200).count(), () -> "" + statuses);
    assertRefused(
        401, "SESSION_ENDED", get("/api/auth/me", first.get("accessToken").textValue()));
  }

  @Test
  void aRefreshTokenEndsAfterThirtyDays() {
    String token = signedIn().get("refreshToken").textValue();
    clock.advance(Identity.REFRESH_LIFETIME);
    assertRefused(401, "REFRESH_TOKEN_INVALID", refresh(token));
    assertRefused(401, "REFRESH_TOKEN_INVALID", refresh("unknown"));
  }

  @Test
  void refreshTokensAndKeySecretsAreNotStored() throws SQLException {
    JsonNode data = signedIn();
    String token = data.get("refreshToken").textValue();
    String key = newKey(data.get("accessToken").textValue(), "read").get("key").textValue();
    try (Connection connection = database.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("""
            SELECT string_agg(t::text, ' ') FROM (
              SELECT r::text AS t FROM refresh_tokens r UNION ALL SELECT k::text FROM api_keys k
              UNION ALL SELECT u::text FROM users u) x
            """)) {
      rows.next();
      String everything = rows.getString(1);
      assertFalse(everything.contains(token));
      assertFalse(everything.contains(key.substring(key.length() - 48)));
      assertFalse(everything.contains(PASSWORD));
      assertTrue(everything.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    }
  }

  @Test
  void aSignOutEndsTheSessionAtOnceAndNoOther() {
    JsonNode data = signedIn();
    JsonNode other = signedIn();
    String access = data.get("accessToken").textValue();
    assertEquals(200, get("/api/auth/me", access).statusCode());
    assertEquals(204, post("/api/auth/logout", null, access).statusCode());
    assertRefused(401, "SESSION_ENDED", get("/api/auth/me", access));
    assertRefused(401, "REFRESH_TOKEN_INVALID", refresh(data.get("refreshToken").textValue()));
    assertEquals(200, get("/api/auth/me", other.get("accessToken").textValue()).statusCode());
  }

  @Test
  void anAccessTokenEndsAfterADay() {
    String access = bearer();
    clock.advance(Duration.ofHours(24).minusSeconds(1));
    assertEquals(200, get("/api/auth/me", access).statusCode());
    clock.advance(Duration.ofSeconds(1));
    assertRefused(401, "TOKEN_EXPIRED", get("/api/auth/me", access));
  }

  @Test
  void forgedTokensAreRefused() {
    String access = bearer();
    JsonObject claims = claims(access);
    String[] parts = access.split("\\.", -1);
    List<String> forged = new ArrayList<>(List.of(
        "",
        "x",
        "a.b.c",
        encoded("{\"typ\":\"JWT\",\"alg\":\"none\"}") + "." + parts[1] + ".",
        encoded("{\"typ\":\"JWT\",\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2],
        encoded("{\"alg\":\"HS512\"}") + "." + parts[1] + "." + parts[2],
        parts[0] + "." + parts[1] + ".",
        parts[0] + "." + parts[1],
        signed(claims, "another secret of at least thirty-two bytes!!", "weir", "weir-api"),
        signed(claims, SECRET, "weir", "someone-else"),
        signed(claims, SECRET, "someone-else", "weir-api"),
        signed(claims.copy().putNull("exp"), SECRET, "weir", "weir-api"),
        signed(claims.copy().put("sub", "me"), SECRET, "weir", "weir-api"),
        signed(claims.copy().put("exp", "later"), SECRET, "weir", "weir-api")));
    JsonObject raised = claims.copy().put("role", "SUPER_ADMIN");
    forged.add(parts[0] + "." + encoded(raised.encode()) + "." + parts[2]);
    for (String token : forged) {
      assertEquals(401, get("/api/auth/me", token).statusCode(), token);
    }
    assertRefused(
        401,
        "TOKEN_EXPIRED",
        get(
            "/api/auth/me",
            signed(
                claims.copy().put("exp", clock.instant().getEpochSecond() - 1),
                SECRET,
                "weir",
                "weir-api")));
    assertEquals(200, get("/api/auth/me", access).statusCode());
  }

  @Test
  void aTokenWithAnySingleCharacterChangedIsRefused() {
    String access = bearer();
    for (int i = 0; i < access.length(); i += i < access.length() - 45 ? 7 : 1) {
      char other = access.charAt(i) == 'A' ? 'B' : 'A';
      String changed = access.substring(0, i) + other + access.substring(i + 1);
      assertEquals(401, get("/api/auth/me", changed).statusCode(), changed);
    }
    // The last character's spare bits: another spelling of the same signature.
    char last = access.charAt(access.length() - 1);
    for (char other :
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
      if (other != last) {
        String changed = access.substring(0, access.length() - 1) + other;
        assertEquals(401, get("/api/auth/me", changed).statusCode(), changed);
      }
    }
  }

  @Test
  void aTokenForAnotherTenantsSessionIsRefused() {
    String access = bearer();
    JsonObject claims = claims(access).put("tenantId", UUID.randomUUID().toString());
    assertRefused(
        401, "SESSION_ENDED", get("/api/auth/me", signed(claims, SECRET, "weir", "weir-api")));
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private String signed(JsonObject claims, String secret, String issuer, String audience) {
    JsonObject copy = claims.copy();
    copy.remove("iss");
    copy.remove("aud");
    return JWTAuth.create(
            database.vertx(),
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(secret))))
        .generateToken(
            copy, new JWTOptions().setNoTimestamp(true).setIssuer(issuer).addAudience(audience));
  }

  @Test
  void aMissingOrOddCredentialIsRefused() {
    assertRefused(401, "CREDENTIAL_MISSING", server.send("GET", "/api/auth/me", null));
    HttpResponse<String> basic =
        server.send("GET", "/api/auth/me", null, "Authorization", "Basic YTpi");
    assertRefused(401, "TOKEN_INVALID", basic);
    assertEquals("Bearer", basic.headers().firstValue("WWW-Authenticate").orElseThrow());
  }

  private JsonNode newKey(String access, String... scopes) {
    HttpResponse<String> answer = post(
        "/api/auth/api-keys",
        Json.text(Map.of("name", "machine", "scopes", List.of(scopes))),
        access);
    assertEquals(201, answer.statusCode(), answer.body());
    return data(answer);
  }

  @Test
  void aKeyMayDoWhatItsScopesSayAndNothingElse() {
    String access = bearer();
    Map<String, List<Permission>> allowed = Map.of(
        "ingest", List.of(Permission.INGEST),
        "read", List.of(Permission.READ),
        "write", List.of(Permission.READ, Permission.WRITE, Permission.BILL));
    allowed.forEach((scope, permissions) -> {
      String key = newKey(access, scope).get("key").textValue();
      for (Permission permission : Permission.values()) {
        HttpResponse<String> answer = get("/api/probe/" + permission.name(), key);
        if (permissions.contains(permission)) {
          assertEquals(200, answer.statusCode(), scope + " " + permission);
          assertTrue(answer.body().contains(tenant.toString()));
        } else {
          assertRefused(403, "PERMISSION_DENIED", answer);
        }
      }
    });
  }

  @Test
  void aRoleMayDoWhatItsPermissionsSay() {
    for (Role role : Role.values()) {
      String address = role.name() + "-" + tenant + "@example.com";
      addUser(address, role);
      String access = data(login(address, PASSWORD)).get("accessToken").textValue();
      for (Permission permission : Permission.values()) {
        assertEquals(
            role.permissions().contains(permission) ? 200 : 403,
            get("/api/probe/" + permission.name(), access).statusCode(),
            role + " " + permission);
      }
    }
  }

  @Test
  void keysAreListedWithoutTheirSecretsAndEndAtOnceWhenDeleted() {
    String access = bearer();
    JsonNode key = newKey(access, "ingest", "read", "read");
    String text = key.get("key").textValue();
    assertTrue(text.matches("wk_[0-9a-f]{32}_[0-9a-f]{48}"), text);
    assertEquals("[\"ingest\",\"read\"]", key.get("scopes").toString());
    assertEquals(200, get("/api/probe/READ", text).statusCode());

    HttpResponse<String> list = get("/api/auth/api-keys?limit=1", access);
    assertFalse(list.body().contains(text.substring(36)), list.body());
    assertEquals(1, Json.parseOwn(list.body()).at("/pagination/total").intValue());
    assertEquals(key.get("id"), data(list).get(0).get("id"));

    String path = "/api/auth/api-keys/" + key.get("id").textValue();
    assertEquals(
        204,
        server.send("DELETE", path, null, "Authorization", "Bearer " + access).statusCode());
    assertRefused(401, "API_KEY_INVALID", get("/api/probe/READ", text));
    assertRefused(
        404,
        "API_KEY_NOT_FOUND",
        server.send("DELETE", path, null, "Authorization", "Bearer " + access));
    assertEquals(0, data(get("/api/auth/api-keys", access)).size());
  }

  @Test
  void aKeyOfAnotherTenantCannotBeSeenOrDeleted() {
    JsonNode key = newKey(bearer(), "read");
    newTenant();
    String stranger = bearer();
    assertEquals(0, data(get("/api/auth/api-keys", stranger)).size());
    assertRefused(
        404,
        "API_KEY_NOT_FOUND",
        server.send(
            "DELETE",
            "/api/auth/api-keys/" + key.get("id").textValue(),
            null,
            "Authorization",
            "Bearer " + stranger));
    assertEquals(200, get("/api/probe/READ", key.get("key").textValue()).statusCode());
  }

  @Test
  void aKeyWithAWrongSecretOrAnUnknownIdIsRefused() {
    String key = newKey(bearer(), "read").get("key").textValue();
    char last = key.charAt(key.length() - 1);
    String changed = key.substring(0, key.length() - 1) + (last == '0' ? '1' : '0');
    assertRefused(401, "API_KEY_INVALID", get("/api/probe/READ", changed));
    String unknown = "wk_" + "0".repeat(32) + key.substring(35);
    assertRefused(401, "API_KEY_INVALID", get("/api/probe/READ", unknown));
    assertRefused(401, "API_KEY_INVALID", get("/api/probe/READ", "wk_nonsense"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"k\"}",
        "{\"name\":\"k\",\"scopes\":[]}",
        "{\"name\":\"k\",\"scopes\":[\"admin\"]}",
        "{\"name\":\"k\",\"scopes\":\"read\"}",
        "{\"scopes\":[\"read\"]}",
        "{\"name\":\"k\",\"scopes\":[\"read\"],\"expires\":1}"
      })
  void aMalformedKeyRequestIsRefused(String body) {
    assertEquals(400, post("/api/auth/api-keys", body, bearer()).statusCode());
  }

  @Test
  void aKeyHasNoSessionAndCannotMakeKeys() {
    String key = newKey(bearer(), "ingest", "read", "write").get("key").textValue();
    assertRefused(403, "SESSION_REQUIRED", get("/api/auth/me", key));
    assertRefused(403, "SESSION_REQUIRED", post("/api/auth/logout", null, key));
    assertRefused(
        403,
        "PERMISSION_DENIED",
        post("/api/auth/api-keys", "{\"name\":\"k\",\"scopes\":[\"read\"]}", key));
  }

  @Test
  void theTenantHeaderMustMatchTheCredential() {
    String access = bearer();
    String key = newKey(access, "read").get("key").textValue();
    for (String credential : List.of(access, key)) {
      assertEquals(
          200,
          get("/api/probe/READ", credential, "X-Tenant-ID", tenant.toString()).statusCode());
      assertRefused(
          403,
          "TENANT_ACCESS_DENIED",
          get("/api/probe/READ", credential, "X-Tenant-ID", UUID.randomUUID().toString()));
      assertRefused(
          403,
          "TENANT_ACCESS_DENIED",
          get("/api/probe/READ", credential, "X-Tenant-ID", "nonsense"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUSPENDED", "INACTIVE"})
  void aTenantThatIsNotActiveIsRefusedWithinThirtySeconds(String status) {
    JsonNode data = signedIn();
    String access = data.get("accessToken").textValue();
    String key = newKey(access, "read").get("key").textValue();
    assertEquals(200, get("/api/probe/READ", key).statusCode());
    sql("UPDATE tenants SET status = '%s' WHERE tenant_id = '%s'".formatted(status, tenant));
    clock.advance(CredentialCache.FRESH_FOR);
    assertRefused(403, "TENANT_" + status, get("/api/probe/READ", key));
    assertRefused(403, "TENANT_" + status, get("/api/probe/READ", access));
    assertRefused(403, "TENANT_" + status, login(email, PASSWORD));
    assertRefused(403, "TENANT_" + status, refresh(data.get("refreshToken").textValue()));
    assertRefused(401, "SIGN_IN_FAILED", login(email, "Wrong1234"));
  }

  @Test
  void noPartOfAStreamedBodyIsLostWhileTheCredentialIsLookedUp() {
    String key = newKey(bearer(), "ingest").get("key").textValue();
    String body = "x".repeat(3_000_000);
    for (int round = 0; round < 3; round++) {
      HttpResponse<String> answer = post("/api/stream", body, key);
      assertEquals("{\"bytes\":3000000}", answer.body());
      clock.advance(CredentialCache.FRESH_FOR); // so that the next round looks it up again
    }
  }

  @Test
  void thirtyTwoSignInsAtOnceAllSucceed() throws Exception {
    List<Integer> statuses = inParallel(32, () -> login(email, PASSWORD).statusCode());
    assertEquals(32, statuses.stream().filter(status -> status == 200).count());
  }

  @Test
  void signInsBeyondTheQueueAreRefusedWithRetryAfter() throws Exception {
    Identity narrow = newIdentity(1, 1);
    try (TestServer narrowServer = newServer(narrow)) {
      String body = Json.text(Map.of("email", email, "password", PASSWORD));
      List<HttpResponse<String>> answers =
          inParallel(16, () -> narrowServer.send("POST", "/api/auth/login", body));
      long served =
          answers.stream().filter(answer -> answer.statusCode() == 200).count();
      assertTrue(served >= 1, "none served");
      List<HttpResponse<String>> refused =
          answers.stream().filter(answer -> answer.statusCode() != 200).toList();
      assertFalse(refused.isEmpty());
      for (HttpResponse<String> answer : refused) {
        assertRefused(429, "SIGN_IN_BUSY", answer);
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
      }
    } finally {
      TestDatabase.await(narrow.close());
    }
  }

  @Test
  void ensuringATenantOrUserTwiceChangesNothing() {
    TestDatabase.await(identity.ensureTenant(tenant, "Other name"));
    TestDatabase.await(identity.ensureUser(
        new Identity.NewUser(tenant, email, "Other1234", Role.VIEWER, "X", "Y")));
    assertEquals("ADMIN", signedIn().at("/user/role").textValue());
  }

  @Test
  void sessionsOfAUserAreBounded() throws SQLException {
    signedIn();
    sql("""
        INSERT INTO sessions (session_id, tenant_id, user_id, created_at, expires_at)
        SELECT gen_random_uuid(), tenant_id, user_id, timestamptz '2020-01-01', '2100-01-01'
        FROM users, generate_series(1, 150) WHERE email = '%s'
        """.formatted(email));
    JsonNode newest = signedIn();
    try (Connection connection = database.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(
            "SELECT count(*) FROM sessions JOIN users USING (user_id) WHERE email = '" + email
                + "'")) {
      rows.next();
      assertEquals(SessionStore.SESSIONS_PER_USER_MAX, rows.getInt(1));
    }
    assertEquals(200, get("/api/auth/me", newest.get("accessToken").textValue()).statusCode());
  }

  /** Runs the same call on so many threads and gives what each of them got. */
  private static <T> List<T> inParallel(int count, java.util.concurrent.Callable<T> call)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        running.add(threads.submit(call));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : running) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
