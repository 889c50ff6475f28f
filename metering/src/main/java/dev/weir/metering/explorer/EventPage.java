package dev.weir.metering.explorer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search found.
 *
 * @param next where the next page begins; null when there is none. A page may have fewer events than its
 *     limit and be followed by another: when they are large, or the time was up
 * @param missing which parts of the journal were not searched, as they are not indexed yet
 */
public record EventPage(List<FoundEvent> events, @Nullable EventCursor next, List<String> missing) {

  public EventPage {
    events = List.copyOf(events);
    missing = List.copyOf(missing);
  }
}
