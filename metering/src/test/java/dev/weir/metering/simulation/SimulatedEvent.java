package dev.weir.metering.simulation;

import dev.weir.metering.event.EventTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * An event as a client means it; two with equal content are the same payload, however they are written.
 *
 * @param timeNanos negative when the client gives none
 * @param value a JSON value; empty when there is none
 * @param model a group value; empty when there is none
 */
record SimulatedEvent(
    Identity identity, String type, String subject, long timeNanos, String value, String model) {

  boolean hasTime() {
    return timeNanos >= 0;
  }

  /** Whether a meter that takes a number could refuse this. */
  boolean isDoubtful() {
    return value.isEmpty() || value.startsWith("{") || value.equals("\"many\"");
  }

  /** The data member, its members in any order and with any white space. */
  String data(SplittableRandom random) {
    List<String> members = new ArrayList<>();
    if (!value.isEmpty()) {
      members.add("\"n\":" + value);
    }
    if (!model.isEmpty()) {
      members.add("\"m\":\"" + model + "\"");
    }
    return "{" + String.join(random.nextBoolean() ? "," : " , ", shuffled(members, random)) + "}";
  }

  /** The whole event around a text for its data. */
  String json(String data, SplittableRandom random) {
    List<String> members = new ArrayList<>(List.of(
        "\"id\":\"" + identity.id() + "\"",
        "\"source\":\"" + identity.source() + "\"",
        "\"type\":\"" + type + "\"",
        "\"subject\":\"" + subject + "\"",
        "\"data\":" + data));
    if (hasTime()) {
      members.add("\"time\":\"" + EventTime.instant(timeNanos) + "\"");
    }
    return "{" + String.join(",", shuffled(members, random)) + "}";
  }

  private static List<String> shuffled(List<String> members, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      Collections.shuffle(members, new Random(random.nextLong()));
    }
    return members;
  }

  /** What the journal must hold of an event that was written with this data. */
  String journalText(String data) {
    return journalText(identity, type, subject, hasTime(), timeNanos, data);
  }

  static String journalText(
      Identity identity, String type, String subject, boolean timed, long nanos, String data) {
    return identity.tenantId()
        + "|"
        + identity
        + "|"
        + type
        + "|"
        + subject
        + "|"
        + (timed ? Long.toString(nanos) : "received")
        + "|"
        + data;
  }

  @Override
  public String toString() {
    return identity
        + "("
        + type
        + " "
        + subject
        + " "
        + (hasTime() ? EventTime.instant(timeNanos) : "now")
        + " n="
        + value
        + " m="
        + model
        + ")";
  }
}
