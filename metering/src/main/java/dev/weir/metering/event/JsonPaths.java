package dev.weir.metering.event;

/** How paths are shown to senders. */
public final class JsonPaths {

  private JsonPaths() {}

  /** The place in an event that a meter's path names: {@code $.tokens} is {@code data.tokens}. */
  public static String inData(String path) {
    return "data" + path.substring(1);
  }
}
