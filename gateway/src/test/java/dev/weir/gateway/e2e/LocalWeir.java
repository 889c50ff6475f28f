package dev.weir.gateway.e2e;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.weir.gateway.Weir;
import dev.weir.gateway.config.ConfigReader;
import dev.weir.gateway.identity.Identity;
import dev.weir.gateway.identity.Role;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;

/** A Weir inside this JVM, with its own PostgreSQL and on a free port. */
final class LocalWeir implements AutoCloseable {

  static final String EMAIL = "first@weir.test";
  static final String PASSWORD = "First-Passw0rd";

  private static final long TIMEOUT_SECONDS = 30;

  static {
    // What goes wrong on purpose need not be told in the middle of the tests' output.
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
  }

  private final Weir weir;

  private LocalWeir(Weir weir) {
    this.weir = weir;
  }

  /** Starts on an empty directory. */
  static LocalWeir start(Path directory) {
    Map<String, String> settings = new HashMap<>();
    settings.put("data.dir", directory.toString());
    settings.put("http.port", "0");
    settings.put("admin.email", EMAIL);
    settings.put("admin.password", PASSWORD);
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Weir weir = new Weir(
        ConfigReader.read(
            Map.of(), settings, null, directory, Runtime.getRuntime().availableProcessors()),
        silent,
        InstantSource.system());
    weir.start();
    return new LocalWeir(weir);
  }

  Weir weir() {
    return weir;
  }

  String url() {
    return weir.url();
  }

  /** A caller without a credential. */
  Http anyone() {
    return Http.to(weir.url());
  }

  /** The first administrator, signed in. */
  Http admin() {
    return anyone().signedIn(EMAIL, PASSWORD);
  }

  /** Adds a tenant with a user of this role. */
  void addTenant(UUID tenantId, String name, String email, String password, Role role) {
    Identity identity = weir.identity();
    Identity.NewUser user = new Identity.NewUser(tenantId, email, password, role, "Test", "User");
    try {
      identity
          .ensureTenant(tenantId, name)
          .compose(done -> identity.ensureUser(user))
          .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A tenant with one administrator, made for one test. */
  record Tenant(UUID id, String email, String password, Http admin) {}

  /** Adds a tenant that nobody else uses. */
  Tenant newTenant() {
    UUID id = UUID.randomUUID();
    String email = id + "@weir.test";
    addTenant(id, "Tenant " + id, email, PASSWORD, Role.ADMIN);
    return new Tenant(id, email, PASSWORD, anyone().signedIn(email, PASSWORD));
  }

  @Override
  public void close() {
    weir.close();
  }
}
