package dev.weir.api.auth;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.api.http.Permission;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** {@code /api/auth}: sign in, refresh, sign out, who am I, API keys. */
public final class AuthRoutes {

  private static final String PATH = "/api/auth";

  private final Accounts accounts;
  private final Answers answers;

  public AuthRoutes(Accounts accounts, Answers answers) {
    this.accounts = accounts;
    this.answers = answers;
  }

  /** Whether a request must be let through without a credential, as it is how one gets one. */
  public static boolean isOpen(RoutingContext context) {
    String path = context.normalizedPath();
    return context.request().method().equals(HttpMethod.POST)
        && (path.equals(PATH + "/login") || path.equals(PATH + "/refresh"));
  }

  /** Mounts the routes; the request's body has been read and, unless open, the caller attached. */
  public void mount(Router router) {
    router.post(PATH + "/login").handler(this::login);
    router.post(PATH + "/refresh").handler(this::refresh);
    router.post(PATH + "/logout").handler(this::logout);
    router.get(PATH + "/me").handler(this::me);
    router.post(PATH + "/api-keys").handler(this::createKey);
    router.get(PATH + "/api-keys").handler(this::listKeys);
    router.delete(PATH + "/api-keys/:id").handler(this::deleteKey);
  }

  private void login(RoutingContext context) {
    JsonFields body = Answers.body(context);
    String email = body.text("email");
    String password = body.text("password");
    answers.send(context, 200, accounts.login(email, password), AuthRoutes::itself);
  }

  private void refresh(RoutingContext context) {
    String token = Answers.body(context).text("refreshToken");
    answers.send(context, 200, accounts.refresh(token), AuthRoutes::itself);
  }

  private void logout(RoutingContext context) {
    accounts
        .logout(CallerSession.of(context))
        .onSuccess(done -> noContent(context))
        .onFailure(context::fail);
  }

  private void me(RoutingContext context) {
    CallerSession.of(context);
    Caller caller = Caller.of(context, Permission.READ);
    answers.send(context, 200, accounts.profile(caller), AuthRoutes::itself);
  }

  private void createKey(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.ADMINISTER);
    JsonFields body = Answers.body(context).allow("name", "scopes");
    String name = body.text("name");
    Set<KeyScope> scopes = scopes(body);
    answers.send(context, 201, accounts.createKey(caller, name, scopes), AuthRoutes::issued);
  }

  private void listKeys(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.ADMINISTER);
    Page page = Page.of(context);
    answers.sendPage(context, page, accounts.keys(caller, page), AuthRoutes::shown);
  }

  private void deleteKey(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.ADMINISTER);
    UUID keyId = keyId(context.pathParam("id"));
    accounts
        .deleteKey(caller, keyId)
        .onSuccess(done -> noContent(context))
        .onFailure(context::fail);
  }

  private static Set<KeyScope> scopes(JsonFields body) {
    List<String> names = body.texts("scopes", KeyScope.values().length);
    if (names.isEmpty()) {
      throw body.invalid("scopes", "must name at least one of ingest, read, write.");
    }
    Set<KeyScope> scopes = EnumSet.noneOf(KeyScope.class);
    for (int i = 0; i < names.size(); i++) {
      scopes.add(scope(body, i, names.get(i)));
    }
    return scopes;
  }

  private static KeyScope scope(JsonFields body, int index, String name) {
    for (KeyScope scope : KeyScope.values()) {
      if (scope.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return scope;
      }
    }
    throw body.invalid("scopes[" + index + "]", "must be ingest, read or write.");
  }

  private static UUID keyId(String text) {
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      // falls through: an id that cannot exist is one that is not found
    }
    throw keyNotFound();
  }

  /** The refusal for a key that this tenant does not have. */
  public static Refusal keyNotFound() {
    return new Refusal(
        AuthError.API_KEY_NOT_FOUND,
        "There is no such API key; GET /api/auth/api-keys lists them.");
  }

  private static Object itself(Object wire) {
    return wire;
  }

  private static Map<String, Object> shown(ApiKey key) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", key.id());
    wire.put("name", key.name());
    wire.put("scopes", key.scopes().stream().map(KeyScope::wireName).toList());
    wire.put("createdAt", key.createdAt());
    return wire;
  }

  private static Object issued(IssuedKey issued) {
    Map<String, Object> wire = shown(issued.key());
    wire.put("key", issued.text());
    return wire;
  }

  private static void noContent(RoutingContext context) {
    context.response().setStatusCode(204).end();
  }
}
