package dev.weir.metering;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stops parts one after the other, each whatever became of those before, and notes how long each took.
 * An interruption ends the wait of one step only; who runs the steps has to see to it when all are done.
 * Confined to one thread.
 */
public final class StopSteps {

  private final List<String> durations = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();

  /** What stops a part; may block and may throw. */
  @FunctionalInterface
  public interface Step {
    /**
     * Stops it.
     *
     * @param parts takes the steps of which this one consists, if it does; they need no end of their own
     */
    void run(StopSteps parts) throws Exception;
  }

  /** A step that did not do what it should. */
  public record Failure(String step, Throwable cause) {}

  /** Runs a step. Whatever it throws is kept for the end. */
  public void then(String name, Step step) {
    StopSteps parts = new StopSteps();
    long began = System.nanoTime();
    try {
      step.run(parts);
    } catch (Throwable e) {
      parts.failures.add(new Failure("", e));
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    durations.add(name + " " + millis + (parts.durations.isEmpty() ? "" : " (" + parts + ")"));
    for (Failure failure : parts.failures) {
      String path = failure.step().isEmpty() ? name : name + " / " + failure.step();
      failures.add(new Failure(path, failure.cause()));
    }
  }

  /** What went wrong, in order. */
  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** Throws what went wrong first, with the rest suppressed in it; does nothing when all went well. */
  public void end() throws IOException, InterruptedException {
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.get(0).cause();
    failures.stream()
        .skip(1)
        .map(Failure::cause)
        .filter(cause -> cause != first)
        .forEach(first::addSuppressed);
    if (first instanceof IOException cause) {
      throw cause;
    }
    if (first instanceof InterruptedException cause) {
      throw cause;
    }
    if (first instanceof RuntimeException cause) {
      throw cause;
    }
    if (first instanceof Error cause) {
      throw cause;
    }
    throw new IllegalStateException(failures.get(0).step(), first);
  }

  /** The steps and their milliseconds: {@code HTTP 12, engines 40 (lanes 31, journal 9)}. */
  @Override
  public String toString() {
    return String.join(", ", durations);
  }
}
