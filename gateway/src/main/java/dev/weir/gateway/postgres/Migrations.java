package dev.weir.gateway.postgres;

import dev.weir.gateway.config.StartFailure;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.exception.FlywaySqlException;

/** Brings the schema up to date; runs as the owner, before anything else uses the database. */
public final class Migrations {

  private Migrations() {}

  /**
   * Applies what is missing, under Flyway's own lock, so that several nodes may start together.
   * Blocking; tens of milliseconds when nothing is missing.
   *
   * @throws StartFailure if the database cannot be reached or a migration fails
   */
  public static void run(DatabaseLogin login) {
    Properties driver = login.jdbcProperties();
    try {
      Flyway.configure()
          .dataSource(login.jdbcUrl(), login.user(), login.password())
          .jdbcProperties(driver.stringPropertyNames().stream()
              .filter(name -> !name.equals("user") && !name.equals("password"))
              .collect(java.util.stream.Collectors.toMap(name -> name, driver::getProperty)))
          .locations("classpath:db/migration")
          .load()
          .migrate();
    } catch (FlywaySqlException e) {
      throw StartFailure.surroundings("the database %s cannot be used: %s; check WEIR_DATABASE_URL."
          .formatted(login, rootMessage(e)));
    } catch (FlywayException e) {
      throw StartFailure.surroundings("the database %s cannot be brought up to date: %s"
          .formatted(login, firstLines(String.valueOf(e.getMessage()))));
    }
  }

  private static String firstLines(String text) {
    return text.lines().limit(2).collect(java.util.stream.Collectors.joining(": "));
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
