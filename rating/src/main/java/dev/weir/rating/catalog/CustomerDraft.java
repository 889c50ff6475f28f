package dev.weir.rating.catalog;

import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import java.time.ZoneId;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A customer as asked for, valid on its own; the fields are those of {@link Customer}. */
public record CustomerDraft(
    String key,
    String name,
    @Nullable String email,
    Currency currency,
    ZoneId timeZone,
    List<String> subjects,
    @Nullable Address address,
    @Nullable String taxId) {

  public static final int SUBJECTS_MAX = 1_000;

  public CustomerDraft {
    Keys.check(key, "key");
    subjects = List.copyOf(subjects);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < subjects.size(); i++) {
      if (!seen.add(subjects.get(i))) {
        throw new Refusal(
            RatingError.CUSTOMER_SUBJECT_REPEATED,
            "subjects[" + i + "]",
            "The subject '%s' is listed twice; list it once.".formatted(subjects.get(i)));
      }
    }
  }
}
