package dev.weir.metering.event;

import java.util.Locale;

/** What became of one event of a request. */
public enum Verdict {
  /** Flushed, unique, will be counted. */
  ACCEPTED,
  /** Known already with the same payload; counted once, before. */
  DUPLICATE,
  /** Known already with another payload; the first one stays, this one is kept for inspection. */
  CONFLICT,
  /** Not taken; the reason is given. */
  REJECTED;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
