package dev.weir.gateway.config;

import java.util.List;
import java.util.regex.Pattern;

/** Where and how to listen. */
public final class HttpSettings {

  private static final Pattern HOST_FORM = Pattern.compile("[A-Za-z0-9._:-]{1,255}");

  static final Setting<String> HOST = Setting.text(
      "http.host",
      "127.0.0.1",
      "Address to listen on; 0.0.0.0 for every interface.",
      "a host name or address",
      Setting.matching(HOST_FORM));

  public static final Setting<Integer> PORT =
      Setting.wholeNumber("http.port", "8080", 0, 65_535, "Port to listen on; 0 picks a free one.");

  public static final Setting<Integer> HTTP2_PORT = Setting.wholeNumber(
      "http2.port",
      "0",
      0,
      65_535,
      "Port for HTTP/2 in clear text with prior knowledge, as proxies speak it; 0 for none.");

  static final Setting<Integer> EVENT_LOOPS = Setting.autoNumber(
      "http.event.loops", 1, 256, "Event loops that serve HTTP; auto is one for each core.");

  static final Setting<Integer> DRAIN_SECONDS = Setting.wholeNumber(
      "http.drain.seconds", "15", 0, 600, "How long a stop waits for requests to be answered.");

  /** In the order that help shows them. */
  static final List<Setting<?>> ALL = List.of(HOST, PORT, HTTP2_PORT, EVENT_LOOPS, DRAIN_SECONDS);

  private HttpSettings() {}

  static WeirConfig.Http read(Values values, int processors) {
    int eventLoops = values.of(EVENT_LOOPS);
    return new WeirConfig.Http(
        values.of(HOST),
        values.of(PORT),
        values.of(HTTP2_PORT),
        eventLoops == 0 ? processors : eventLoops,
        values.of(DRAIN_SECONDS));
  }

  /** What is allowed by itself may not be together. */
  static List<String> conflicts(Values values) {
    return values.of(HTTP2_PORT) != 0 && values.of(HTTP2_PORT).equals(values.of(PORT))
        ? List.of("%s must be another port than %s.".formatted(HTTP2_PORT.key(), PORT.key()))
        : List.of();
  }
}
