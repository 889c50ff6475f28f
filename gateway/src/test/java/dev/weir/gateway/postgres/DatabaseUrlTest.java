package dev.weir.gateway.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  @Test
  void readsEveryPart() {
    DatabaseLogin login = DatabaseUrl.parse(
            "postgresql://we%40ir:p%2Fw+%3A1@db.example:6543/bill%20ing?sslmode=verify-full"
                + "&sslrootcert=/etc/ca.pem")
        .login();
    assertEquals("we@ir", login.user());
    assertEquals("p/w+:1", login.password());
    assertEquals("db.example", login.host());
    assertEquals(6543, login.port());
    assertEquals("bill ing", login.database());
    assertEquals(SslMode.VERIFY_FULL, login.sslMode());
    assertEquals(Path.of("/etc/ca.pem"), login.rootCertificate());
  }

  @Test
  void fillsInWhatIsUsual() {
    DatabaseLogin login = DatabaseUrl.parse("postgres://weir@localhost/weir").login();
    assertEquals(5432, login.port());
    assertEquals("", login.password());
    assertEquals(SslMode.PREFER, login.sslMode());
    assertNull(login.rootCertificate());
  }

  @Test
  void takesAnIpv6Host() {
    DatabaseLogin login = DatabaseUrl.parse("postgresql://u:p@[::1]:5433/d").login();
    assertEquals("::1", login.host());
    assertEquals("jdbc:postgresql://[::1]:5433/d", login.jdbcUrl());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "mysql://u:p@h/d",
        "postgresql://h/d",
        "postgresql://u:p@h",
        "postgresql://u:p@h/",
        "postgresql://u:p@h/d/e",
        "postgresql://u:p@h:port/d",
        "postgresql://u:p@h/d?sslmode=maybe",
        "postgresql://u:p@h/d?ssl=1",
        "postgresql://u:p w@h/d"
      })
  void refusesWhatIsNotOfTheForm(String text) {
    assertThrows(IllegalArgumentException.class, () -> DatabaseUrl.parse(text));
  }

  @Test
  void neverPrintsThePassword() {
    DatabaseUrl url = DatabaseUrl.parse("postgresql://u:hunter2@h/d");
    assertFalse(url.toString().contains("hunter2"));
    assertFalse(url.login().jdbcUrl().contains("hunter2"));
  }
}
