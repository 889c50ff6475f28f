package dev.weir.gateway.postgres;

import io.vertx.pgclient.SslMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The address of a PostgreSQL that an operator runs, in libpq's URI form. */
public record DatabaseUrl(DatabaseLogin login) {

  /** What may be given, for messages. */
  public static final String FORM = "postgresql://user:password@host:port/database"
      + "[?sslmode=disable|allow|prefer|require|verify-ca|verify-full][&sslrootcert=FILE]";

  private static final Set<String> SCHEMES = Set.of("postgresql", "postgres");
  private static final int DEFAULT_PORT = 5432;

  /**
   * Reads a URL. Special characters in user and password are percent-encoded.
   *
   * @throws IllegalArgumentException if it is not of the {@link #FORM}; without the value in its text
   */
  public static DatabaseUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a URL");
    }
    String scheme = uri.getScheme();
    String host = uri.getHost();
    String path = uri.getRawPath();
    if (scheme == null
        || !SCHEMES.contains(scheme)
        || host == null
        || path == null
        || path.length() < 2
        || path.indexOf('/', 1) >= 0) {
      throw new IllegalArgumentException("not a PostgreSQL URL");
    }
    String[] user = userInfo(uri.getRawUserInfo());
    return withQuery(
        uri.getRawQuery(),
        new DatabaseLogin(
            host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
            uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
            decoded(path.substring(1)),
            user[0],
            user[1],
            SslMode.PREFER,
            null));
  }

  private static String[] userInfo(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      throw new IllegalArgumentException("no user");
    }
    int colon = raw.indexOf(':');
    return colon < 0
        ? new String[] {decoded(raw), ""}
        : new String[] {decoded(raw.substring(0, colon)), decoded(raw.substring(colon + 1))};
  }

  private static DatabaseUrl withQuery(@Nullable String query, DatabaseLogin login) {
    SslMode mode = login.sslMode();
    Path certificate = null;
    for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
      switch (name) {
        case "sslmode" -> mode = SslMode.of(value.toLowerCase(Locale.ROOT));
        case "sslrootcert" -> certificate = Path.of(value);
        default -> throw new IllegalArgumentException("unknown parameter");
      }
    }
    return new DatabaseUrl(new DatabaseLogin(
        login.host(),
        login.port(),
        login.database(),
        login.user(),
        login.password(),
        mode,
        certificate));
  }

  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
