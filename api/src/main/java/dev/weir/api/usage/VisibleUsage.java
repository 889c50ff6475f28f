package dev.weir.api.usage;

import dev.weir.metering.MeteringEngine;
import dev.weir.metering.journal.JournalPosition;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Up to where the journal is in what readers see, for senders who want to read their own writes. */
public interface VisibleUsage {

  /** Everything up to here, at least, is in what is read from now on; as text. */
  String position();

  /**
   * Completes when the position that a reader names is visible: at once where none is named. Refuses with
   * USAGE_POSITION_INVALID what is no position or lies beyond the journal's end, and with
   * USAGE_NOT_YET_VISIBLE what is not visible within ten seconds.
   *
   * @param after the request's parameter of that name, an answer's {@code position}
   */
  Future<Void> reaches(@Nullable String after);

  /** What an engine counted. */
  static VisibleUsage of(MeteringEngine engine) {
    return new VisibleUsage() {
      private static final Duration TIMEOUT = Duration.ofSeconds(10);

      @Override
      public String position() {
        return engine.visibility().position().toString();
      }

      @Override
      public Future<Void> reaches(@Nullable String after) {
        return after == null
            ? Future.succeededFuture()
            : engine.awaitVisible(JournalPosition.parse(after, "after"), TIMEOUT);
      }
    };
  }
}
