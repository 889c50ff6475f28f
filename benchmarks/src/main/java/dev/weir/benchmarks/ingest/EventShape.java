package dev.weir.benchmarks.ingest;

import java.util.Locale;

/**
 * What the events of a load look like.
 *
 * @param eventsPerRequest in one body
 * @param subjects distinct ones that they name in turn
 * @param groups distinct values of the property that meters group by; they advance together with the
 *     subjects, so that there are as many series as the least common multiple of both
 */
public record EventShape(BodyFormat format, int eventsPerRequest, int subjects, int groups) {

  public static final int SUBJECTS_MAX = 1_000_000;
  public static final int GROUPS_MAX = 10_000;

  public EventShape {
    if (subjects > SUBJECTS_MAX || groups > GROUPS_MAX) {
      throw new IllegalArgumentException("more than the digits of a template hold");
    }
  }

  /** One of the subjects, from 0; all names are of one length. */
  public static String subject(int number) {
    return String.format(Locale.ROOT, "customer-%06d", number);
  }
}
