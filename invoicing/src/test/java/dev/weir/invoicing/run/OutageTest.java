package dev.weir.invoicing.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.Refusal;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class OutageTest {

  @Test
  void aDatabaseThatIsAwayOrBusyIsAnOutage() {
    for (String state : new String[] {"57P01", "08006", "53300", "40P01", "40001", "55P03"}) {
      assertTrue(Outage.is(new PgException("no", "FATAL", state, "")), state);
    }
    assertTrue(Outage.is(new ConnectException("refused")));
    assertTrue(Outage.is(new TimeoutException()));
    assertTrue(Outage.is(VertxException.noStackTrace("connection closed")));
  }

  @Test
  void whatWouldComeAgainIsNone() {
    assertFalse(Outage.is(new PgException("no", "ERROR", "23505", "")));
    assertFalse(Outage.is(new PgException("no", "ERROR", "22003", "")));
    assertFalse(Outage.is(new PgException("no", "ERROR", null, "")));
    assertFalse(Outage.is(new IllegalStateException("bug")));
    assertFalse(Outage.is(new Refusal(InvoicingError.INVOICE_NOT_FOUND, "none")));
  }
}
