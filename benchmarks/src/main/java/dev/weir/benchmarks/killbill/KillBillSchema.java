package dev.weir.benchmarks.killbill;

import dev.weir.gateway.postgres.DatabaseLogin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** A database with Kill Bill's tables, by the statements that its libraries bring. */
final class KillBillSchema {

  static final String DATABASE = "killbill";

  /** What makes PostgreSQL understand the others: types and functions of MySQL. */
  private static final String FIRST = "/util/ddl-postgresql.sql";

  private static final String TABLES = "/ddl.sql";

  private KillBillSchema() {}

  /**
   * Makes the database.
   *
   * @param superuser as the statements make an event trigger
   * @return where it is
   */
  static String create(DatabaseLogin superuser, Path war) throws IOException, SQLException {
    try (Connection connection =
            DriverManager.getConnection(superuser.jdbcUrl(), superuser.jdbcProperties());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    }
    String url =
        "jdbc:postgresql://%s:%d/%s".formatted(superuser.host(), superuser.port(), DATABASE);
    try (Connection connection = DriverManager.getConnection(url, superuser.jdbcProperties());
        Statement statement = connection.createStatement()) {
      for (String script : scripts(war)) {
        statement.execute(script);
      }
    }
    return url;
  }

  /** From the libraries in the archive, in the order in which they can be run. */
  private static List<String> scripts(Path war) throws IOException {
    List<String> first = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    try (ZipFile archive = new ZipFile(war.toFile())) {
      archive.stream()
          .filter(entry -> entry.getName().matches("WEB-INF/lib/killbill-[^/]*\\.jar"))
          .forEach(library -> {
            try (InputStream in = archive.getInputStream(library)) {
              read(in, first, tables);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    if (first.isEmpty() || tables.isEmpty()) {
      throw new IllegalStateException("no statements for tables in " + war);
    }
    first.addAll(tables);
    return first;
  }

  private static void read(InputStream library, List<String> first, List<String> tables)
      throws IOException {
    ZipInputStream entries = new ZipInputStream(library);
    for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      if (entry.getName().endsWith(FIRST) || entry.getName().endsWith(TABLES)) {
        (entry.getName().endsWith(FIRST) ? first : tables)
            .add(new String(entries.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }
}
