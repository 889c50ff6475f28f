package dev.weir.gateway.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.database.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** No table with tenants' data is without its guard, whichever module's migration made it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowSecurityIT {

  private TestDatabase database;
  private List<String> tables;

  @BeforeAll
  void start() throws SQLException {
    database = TestDatabase.create();
    // A month of usage, made as the engine makes it.
    TestDatabase.await(database
        .database()
        .asEngine(connection ->
            connection.query("SELECT weir_add_month('2026-03-14T12:00:00Z')").execute()));
    tables = column("""
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p') AND a.attname = 'tenant_id'
          AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace
        ORDER BY 1
        """);
  }

  @AfterAll
  void stop() {
    database.close();
  }

  private List<String> column(String query) throws SQLException {
    try (Connection connection = database.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  @Test
  void thereAreTablesToCheck() {
    assertTrue(
        tables.containsAll(List.of("tenants", "users", "sessions", "refresh_tokens", "api_keys")),
        tables.toString());
  }

  @Test
  void partitionsAreTablesToCheck() {
    assertTrue(
        tables.containsAll(List.of(
            "usage_windows",
            "usage_windows_default",
            "usage_windows_2026_03",
            "usage_uniques_2026_03",
            "usage_values_2026_03")),
        tables.toString());
  }

  @Test
  void everyTenantTableForcesRowSecurity() throws SQLException {
    for (String table : tables) {
      assertEquals(
          List.of("t t"),
          column("SELECT concat_ws(' ', relrowsecurity, relforcerowsecurity) FROM pg_class"
              + " WHERE oid = '" + table + "'::regclass"),
          table);
    }
  }

  @Test
  void everyTenantTableHasAPolicyForEachRole() throws SQLException {
    for (String table : tables) {
      assertEquals(
          List.of(
              "weir_app ALL (tenant_id = weir_tenant()) (tenant_id = weir_tenant())",
              "weir_engine ALL true true"),
          column("""
              SELECT concat_ws(' ', roles[1], cmd, qual, with_check) FROM pg_policies
              WHERE format('%%I', tablename) = '%s' ORDER BY 1
              """.formatted(table)),
          table);
    }
  }

  @Test
  void aTableWithoutATenantIsNotReachableForTheApplication() throws SQLException {
    List<String> reachable = column("""
        SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_attribute a
                          WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
          AND (has_table_privilege('weir_app', c.oid, 'INSERT')
               OR has_table_privilege('weir_app', c.oid, 'UPDATE')
               OR has_table_privilege('weir_app', c.oid, 'DELETE'))
        """);
    assertEquals(List.of(), reachable);
  }

  @Test
  void theRuntimeRolesCannotGoAroundIt() throws SQLException {
    assertEquals(List.of("weir_app f f f f", "weir_engine f f f f"), column("""
            SELECT concat_ws(' ', rolname, rolsuper, rolbypassrls, rolcreaterole, rolcanlogin)
            FROM pg_roles WHERE rolname IN ('weir_app', 'weir_engine') ORDER BY 1
            """));
    assertFalse(column("""
            SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
            WHERE r.rolname IN ('weir_app', 'weir_engine')
            """).iterator().hasNext());
  }

  @Test
  void withoutATenantTheApplicationSeesNoRowAnywhere() throws SQLException {
    database.newTenant();
    try (Connection connection = database.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE weir_app");
      for (String table : tables) {
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
          rows.next();
          assertEquals(0, rows.getLong(1), table);
        }
      }
    }
  }

  @Test
  void viewsRunWithTheRightsOfTheirCaller() throws SQLException {
    assertEquals(List.of(), column("""
            SELECT relname FROM pg_class
            WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
              AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)
            """));
  }
}
