package dev.weir.gateway.health;

import dev.weir.metering.database.Database;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checks that every node has: database, memory, disk. */
public final class StandardChecks {

  /** Of the heap's bound, in percent, after which memory counts as degraded. */
  private static final int HEAP_PERCENT_MAX = 95;

  private StandardChecks() {}

  /**
   * The checks.
   *
   * @param reserveBytes free disk space below which ingest is refused
   */
  public static List<HealthCheck> of(Database database, Path directory, long reserveBytes) {
    return List.of(
        new HealthCheck("database", false, () -> database(database)),
        new HealthCheck("memory", false, () -> Future.succeededFuture(memory())),
        new HealthCheck("disk", false, () -> disk(directory, reserveBytes)));
  }

  private static Future<ComponentHealth> database(Database database) {
    long started = System.nanoTime();
    return database
        .ping()
        .map(answered ->
            ComponentHealth.up(Map.of("answeredInMicros", (System.nanoTime() - started) / 1_000)));
  }

  private static ComponentHealth memory() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("heapUsedBytes", used);
    details.put("heapMaxBytes", runtime.maxMemory());
    return used / (runtime.maxMemory() / 100) >= HEAP_PERCENT_MAX
        ? ComponentHealth.degraded(details)
        : ComponentHealth.up(details);
  }

  private static Future<ComponentHealth> disk(Path directory, long reserveBytes) {
    try {
      FileStore store = Files.getFileStore(directory);
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("freeBytes", store.getUsableSpace());
      details.put("totalBytes", store.getTotalSpace());
      details.put("reserveBytes", reserveBytes);
      return Future.succeededFuture(
          store.getUsableSpace() < reserveBytes
              ? ComponentHealth.degraded(details)
              : ComponentHealth.up(details));
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }
}
