package dev.weir.gateway.health;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of one part.
 *
 * @param details what explains it, ready for JSON
 */
public record ComponentHealth(Status status, Map<String, Object> details) {

  /** How well a part or the whole is. */
  public enum Status {
    UP,
    /** Works, but somebody should look. */
    DEGRADED,
    DOWN
  }

  public ComponentHealth {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  public static ComponentHealth up(Map<String, Object> details) {
    return new ComponentHealth(Status.UP, details);
  }

  public static ComponentHealth degraded(Map<String, Object> details) {
    return new ComponentHealth(Status.DEGRADED, details);
  }

  public static ComponentHealth down(Map<String, Object> details) {
    return new ComponentHealth(Status.DOWN, details);
  }
}
