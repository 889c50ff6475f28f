package dev.weir.benchmarks.endurance;

import dev.weir.benchmarks.ingest.Ledger;
import dev.weir.benchmarks.server.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks every second at what a server holds and what was acknowledged. A thread of its own; keeps some
 * 100 bytes a second.
 */
final class Watch implements AutoCloseable {

  private static final long EVERY_MILLIS = 1_000;

  /**
   * What was seen at one moment.
   *
   * @param events acknowledged so far
   * @param refused requests so far
   */
  record Look(ServerState state, long events, long refused) {}

  private final Supplier<ServerState> states;
  private final Ledger ledger;
  private final List<Look> looks = new ArrayList<>();
  private final Thread thread = new Thread(this::watch, "endurance-watch");
  private @Nullable RuntimeException failure;

  Watch(Supplier<ServerState> states, Ledger ledger) {
    this.states = states;
    this.ledger = ledger;
    thread.setDaemon(true);
  }

  /** Begins to look; once. */
  void start() {
    thread.start();
  }

  private void watch() {
    try {
      while (true) {
        look();
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      // It is closed.
    } catch (RuntimeException e) {
      synchronized (looks) {
        failure = e;
      }
    }
  }

  private void look() {
    Look look = new Look(states.get(), ledger.acceptedEvents(), ledger.refusedRequests());
    synchronized (looks) {
      looks.add(look);
    }
  }

  /** Ends the looking. */
  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  /** All that was seen; throws what kept it from seeing the rest. */
  List<Look> looks() {
    synchronized (looks) {
      if (failure != null) {
        throw new IllegalStateException("the server could not be watched", failure);
      }
      return List.copyOf(looks);
    }
  }
}
