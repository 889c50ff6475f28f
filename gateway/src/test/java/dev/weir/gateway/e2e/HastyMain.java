package dev.weir.gateway.e2e;

import dev.weir.gateway.Main;
import java.time.Instant;
import java.time.InstantSource;

/** Weir as a process whose clock runs 1,200 times as fast from a given moment on. */
public final class HastyMain {

  /** The variable with the moment from which time runs fast, in milliseconds since 1970. */
  static final String START_MILLIS = "TEST_CLOCK_START_MILLIS";

  private static final long FACTOR = 1_200;

  private HastyMain() {}

  public static void main(String[] words) {
    long startMillis = Long.parseLong(System.getenv(START_MILLIS));
    InstantSource clock = () ->
        Instant.ofEpochMilli(startMillis + (System.currentTimeMillis() - startMillis) * FACTOR);
    Main.run(words, clock);
  }
}
