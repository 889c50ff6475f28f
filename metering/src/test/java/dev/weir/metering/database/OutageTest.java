package dev.weir.metering.database;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParseException;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class OutageTest {

  private static PgException refused(String state) {
    return new PgException("no", "ERROR", state, "");
  }

  @Test
  void aDatabaseThatIsAwayOrBusyIsAnOutage() {
    for (String state :
        List.of("08006", "40001", "40P01", "53300", "55P03", "57P01", "57P03", "58030")) {
      assertTrue(Outage.is(refused(state)), state);
    }
    assertTrue(Outage.is(new ConnectException("refused")));
    assertTrue(Outage.is(new IOException("no space left on device")));
    assertTrue(Outage.is(new TimeoutException()));
    assertTrue(Outage.is(VertxException.noStackTrace("connection closed")));
    assertTrue(Outage.is(new Database.Abandoned()));
  }

  @Test
  void whatWouldComeAgainIsNone() {
    for (String state : List.of("22003", "23505", "42P01", "55000", "57014")) {
      assertFalse(Outage.is(refused(state)), state);
    }
    assertFalse(Outage.is(new PgException("no", "ERROR", null, "")));
    assertFalse(Outage.is(new IllegalStateException("bug")));
    assertFalse(Outage.is(new Refusal(MeteringError.METER_NOT_FOUND, "none")));
    assertFalse(Outage.is(new JsonParseException(null, "not JSON")));
  }

  @Test
  void theFirstCauseThatTellsDecides() {
    assertTrue(Outage.is(new IllegalStateException("no answer", new TimeoutException())));
    assertTrue(Outage.is(new UncheckedIOException(new ConnectException("refused"))));
    assertFalse(Outage.is(
        new UncheckedIOException("data does not parse", new JsonParseException(null, "not JSON"))));
    assertTrue(Outage.is(new IllegalStateException(refused("57P01"))));
    assertFalse(Outage.is(new IllegalStateException(refused("23505"))));
    assertTrue(Outage.is(new IOException("broken pipe", refused("23505"))));
  }
}
