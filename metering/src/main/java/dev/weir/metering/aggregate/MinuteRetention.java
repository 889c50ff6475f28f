package dev.weir.metering.aggregate;

import dev.weir.metering.Invariant;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * How long usage is kept by minutes. Hours and days are kept for ever.
 *
 * @param months how many whole months before the present one; 0 for ever
 * @param neededFrom since when usage is still to be billed, whatever the months say; MAX when there is
 *     none. Asked before minutes go, when there are any to go
 */
public record MinuteRetention(int months, Supplier<Future<Instant>> neededFrom) {

  /** Keeps all minutes. */
  public static final MinuteRetention FOREVER =
      new MinuteRetention(0, () -> Future.succeededFuture(Instant.MIN));

  public MinuteRetention {
    Invariant.check(months >= 0, "months are counted from 0");
  }
}
