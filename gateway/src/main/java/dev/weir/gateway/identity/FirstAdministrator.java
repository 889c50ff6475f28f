package dev.weir.gateway.identity;

import dev.weir.gateway.data.PrivateFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes it possible to sign in to an empty database. */
public final class FirstAdministrator {

  /** The first tenant of every installation; a random constant. */
  public static final UUID TENANT_ID = UUID.fromString("5f0c6a52-8d3e-4b57-9a64-1f2e7c90b8d1");

  private static final String TENANT_NAME = "Default";
  private static final long TIMEOUT_SECONDS = 60;

  private final Identity identity;
  private final Path directory;
  private final PrintStream console;

  /** The console is told a generated password, once. */
  public FirstAdministrator(Identity identity, Path directory, PrintStream console) {
    this.identity = identity;
    this.directory = directory;
    this.console = console;
  }

  /** Adds the first tenant and administrator if nobody is there. Blocking; not on an event loop. */
  public void ensure(String email, Optional<String> password) throws TimeoutException {
    if (!identity.isEmpty().await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      return;
    }
    Path file = directory.resolve("admin-credentials");
    String chosen = password.orElseGet(() -> generated(file, email));
    boolean added = identity
        .ensureFirst(
            new Identity.NewUser(
                TENANT_ID, email, chosen, Role.SUPER_ADMIN, "First", "Administrator"),
            TENANT_NAME)
        .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (added && password.isEmpty()) {
      console.printf(
          "First administrator: %s, password %s (shown once, kept in %s)%n", email, chosen, file);
    }
  }

  /** On disk before the database has it, so that a crash in between locks nobody out. */
  private String generated(Path file, String email) {
    String text = PrivateFile.readOrCreate(
        file,
        () -> "email=%s%npassword=%s%n".formatted(email, identity.secrets().password()));
    return text.lines()
        .filter(line -> line.startsWith("password="))
        .map(line -> line.substring("password=".length()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(file + " holds no password"));
  }
}
