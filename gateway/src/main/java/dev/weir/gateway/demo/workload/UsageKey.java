package dev.weir.gateway.demo.workload;

import java.util.Comparator;

/** Whose usage: a subject, and the value of the dimension it is split by (empty when not split). */
public record UsageKey(String subject, String group) {

  public static final Comparator<UsageKey> ORDER =
      Comparator.comparing(UsageKey::subject).thenComparing(UsageKey::group);

  @Override
  public String toString() {
    return group.isEmpty() ? subject : subject + "/" + group;
  }
}
