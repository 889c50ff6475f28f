package dev.weir.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/** Why something was not measured, as a report says it. */
public final class Reason {

  private Reason() {}

  /** What we say ourselves stands for itself; of what others threw the kind is worth knowing, too. */
  public static String of(Exception failure) {
    @Nullable String message = failure.getMessage();
    boolean ours = failure instanceof IllegalStateException || failure instanceof UsageFailure;
    return ours && message != null ? message : failure.toString();
  }

  /** The first line of one, as a log or a page of HTML may follow. */
  public static String line(String reason) {
    return reason.lines().findFirst().orElse("");
  }
}
