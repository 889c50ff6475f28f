package dev.weir.metering.json;

import com.fasterxml.jackson.core.JsonProcessingException;

/** What is wrong with a piece of JSON, in words for the sender. */
public final class JsonFaults {

  private JsonFaults() {}

  /** The parser's message without its notes on itself. */
  public static String describe(JsonProcessingException fault) {
    String message = fault.getOriginalMessage();
    int note = message.indexOf("(start marker at");
    int source = message.indexOf("[Source:");
    int end = note < 0 ? source : source < 0 ? note : Math.min(note, source);
    return (end < 0 ? message : message.substring(0, end)).strip();
  }
}
