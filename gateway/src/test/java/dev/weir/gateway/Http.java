package dev.weir.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** A caller of a running Weir. */
public final class Http {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  public Http(String url) {
    this.url = url;
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send(HttpRequest.newBuilder(URI.create(url + path)), headers);
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(
        HttpRequest.newBuilder(URI.create(url + path)).POST(BodyPublishers.ofString(body)),
        headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs in and gives the access token. */
  public String signIn(String email, String password) {
    HttpResponse<String> answer =
        post("/api/auth/login", Json.text(Map.of("email", email, "password", password)));
    JsonNode token = Json.parseOwn(answer.body()).at("/data/accessToken");
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return token.textValue();
  }
}
