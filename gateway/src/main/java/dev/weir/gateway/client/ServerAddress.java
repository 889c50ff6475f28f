package dev.weir.gateway.client;

import dev.weir.gateway.terminal.CommandFailure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a command finds the server: {@code --url}, or this machine at the port of WEIR_HTTP_PORT. */
public final class ServerAddress {

  public static final String KEY_VARIABLE = "WEIR_API_KEY";
  public static final String PORT_VARIABLE = "WEIR_HTTP_PORT";
  public static final String PORT_DEFAULT = "8080";

  private ServerAddress() {}

  /**
   * The server's address.
   *
   * @param url as given with --url, or null
   */
  public static URI of(@Nullable String url, Map<String, String> environment) {
    String text = url == null
        ? "http://127.0.0.1:" + environment.getOrDefault(PORT_VARIABLE, PORT_DEFAULT)
        : url;
    try {
      URI uri = new URI(text);
      boolean http =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      boolean bare = uri.getRawPath() == null
          || uri.getRawPath().isEmpty()
          || uri.getRawPath().equals("/");
      if (http && bare && uri.getHost() != null && uri.getUserInfo() == null) {
        return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), null, null, null);
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new CommandFailure(
        "--url must be scheme, host and port, such as https://weir.example:8443; '%s' is not."
            .formatted(text));
  }

  /**
   * The API key; empty when there is none.
   *
   * @param key as given with --key, or null
   */
  public static String key(@Nullable String key, Map<String, String> environment) {
    return key == null ? environment.getOrDefault(KEY_VARIABLE, "").strip() : key.strip();
  }
}
