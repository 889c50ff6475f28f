package dev.weir.metering.event;

import org.jspecify.annotations.Nullable;

/** What a tenant's meters ask of its events, checked before an event is taken. Thread-safe. */
public interface EventRules {

  /** Rules of a tenant without meters: every well-formed event is fine. */
  EventRules NONE = new EventRules() {
    @Override
    public @Nullable PathTree paths(String type) {
      return null;
    }

    @Override
    public @Nullable Rejection check(String type, Scalars scalars) {
      return null;
    }
  };

  /** What to select from the data of events of this type; null when no meter counts it. */
  @Nullable
  PathTree paths(String type);

  /** The first fault of the selected values; null when the event can be metered. */
  @Nullable
  Rejection check(String type, Scalars scalars);
}
