package dev.weir.gateway.e2e;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A request that must be refused.
 *
 * @param caller who sends it
 * @param headers beside the caller's
 * @param problem what must be answered
 */
record BadRequest(
    String name,
    Caller caller,
    String method,
    String path,
    Map<String, String> headers,
    Supplier<BodyPublisher> body,
    Problem problem) {

  /** With which credential. */
  enum Caller {
    NOBODY,
    ADMIN,
    INGEST_KEY,
    READ_KEY,
    WRITE_KEY
  }

  static BadRequest get(String name, String path) {
    return new BadRequest(
        name, Caller.ADMIN, "GET", path, Map.of(), BodyPublishers::noBody, new Problem(0, "", ""));
  }

  static BadRequest post(String name, String path, String body) {
    return post(name, path, () -> BodyPublishers.ofString(body))
        .header("Content-Type", "application/json");
  }

  static BadRequest post(String name, String path, Supplier<BodyPublisher> body) {
    return new BadRequest(name, Caller.ADMIN, "POST", path, Map.of(), body, new Problem(0, "", ""));
  }

  static BadRequest events(String name, String body) {
    return post(name, "/api/v1/events", body);
  }

  BadRequest by(Caller other) {
    return new BadRequest(name, other, method, path, headers, body, problem);
  }

  BadRequest method(String other) {
    return new BadRequest(name, caller, other, path, headers, body, problem);
  }

  BadRequest header(String key, String value) {
    Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(key, value);
    return new BadRequest(name, caller, method, path, more, body, problem);
  }

  BadRequest gives(int status, String code) {
    return gives(status, code, "");
  }

  BadRequest gives(int status, String code, String field) {
    return new BadRequest(
        name, caller, method, path, headers, body, new Problem(status, code, field));
  }

  @Override
  public String toString() {
    return name;
  }
}
