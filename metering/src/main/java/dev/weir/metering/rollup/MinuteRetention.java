package dev.weir.metering.rollup;

import dev.weir.metering.Invariant;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.function.Function;

/**
 * How long usage is kept by minutes. Hours and days are kept for ever.
 *
 * @param months how many whole months before the present one; 0 for ever
 * @param neededFrom since when usage is still to be billed, whatever the months say; MAX when there is
 *     nothing. Asked as the engine before minutes go, when there are any to go; the last time in the
 *     transaction that drops them, while whoever looks how far they are kept waits
 */
public record MinuteRetention(int months, Function<SqlConnection, Future<Instant>> neededFrom) {

  /** Keeps all minutes. */
  public static final MinuteRetention FOREVER =
      new MinuteRetention(0, connection -> Future.succeededFuture(Instant.MIN));

  public MinuteRetention {
    Invariant.check(months >= 0, "months are counted from 0");
  }
}
