package dev.weir.gateway.e2e;

import dev.weir.gateway.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Weir as a process whose journal stands still once a file exists: its clock gives no time then. */
public final class StuckMain {

  /** The variable with the path of that file. */
  static final String SIGN = "TEST_STUCK_SIGN";

  private StuckMain() {}

  /** The file that says that a lane stands still. */
  static Path answer(Path sign) {
    return sign.resolveSibling(sign.getFileName() + ".reached");
  }

  public static void main(String[] words) {
    Path sign = Path.of(System.getenv(SIGN));
    InstantSource clock = () -> {
      if (Thread.currentThread().getName().startsWith("weir-lane") && Files.exists(sign)) {
        standStill(answer(sign));
      }
      return Instant.ofEpochMilli(System.currentTimeMillis());
    };
    Main.run(words, clock);
  }

  private static void standStill(Path answer) {
    try {
      Files.writeString(answer, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (true) {
      LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1));
    }
  }
}
