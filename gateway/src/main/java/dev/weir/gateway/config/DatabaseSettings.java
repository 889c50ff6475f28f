package dev.weir.gateway.config;

import dev.weir.gateway.postgres.DatabaseUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which PostgreSQL, and how many connections to it. */
final class DatabaseSettings {

  static final Setting<Optional<DatabaseUrl>> URL = Setting.secret(
      "database.url",
      "PostgreSQL to use; empty starts one inside the data directory.",
      DatabaseUrl.FORM,
      DatabaseUrl::parse);

  static final Setting<Optional<Path>> POSTGRES_PROGRAMS_DIR = Setting.optional(
      "postgres.programs.dir",
      "Where the embedded PostgreSQL's programs are unpacked; empty is below the user's cache.",
      "a path of a directory",
      text -> Path.of(text).toAbsolutePath());

  static final Setting<Integer> APP_CONNECTIONS = Setting.wholeNumber(
      "database.app.connections.max",
      "12",
      1,
      1_000,
      "Connections that serve tenants' requests and billing runs.");

  static final Setting<Integer> ENGINE_CONNECTIONS = Setting.wholeNumber(
      "database.engine.connections.max", "8", 1, 1_000, "Connections for aggregation and sign-in.");

  /** In the order that help shows them. */
  static final List<Setting<?>> ALL =
      List.of(URL, POSTGRES_PROGRAMS_DIR, APP_CONNECTIONS, ENGINE_CONNECTIONS);

  private DatabaseSettings() {}

  static WeirConfig.Database read(Values values) {
    return new WeirConfig.Database(
        values.of(URL),
        values.of(POSTGRES_PROGRAMS_DIR),
        values.of(APP_CONNECTIONS),
        values.of(ENGINE_CONNECTIONS));
  }
}
