package dev.weir.gateway.health;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * How one part is asked for its state.
 *
 * @param name as shown, for example "journal"
 * @param vital whether Weir can do nothing useful while it is down; then it is not ready either
 * @param ask gives the state; cheap, on any event loop; a failure counts as down
 */
public record HealthCheck(String name, boolean vital, Supplier<Future<ComponentHealth>> ask) {}
