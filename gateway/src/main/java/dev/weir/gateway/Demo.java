package dev.weir.gateway;

import dev.weir.gateway.identity.Identity;
import dev.weir.gateway.identity.Role;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The tenant and the administrator that the demo signs in as. */
final class Demo {

  private static final UUID TENANT = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final long TIMEOUT_SECONDS = 30;

  private Demo() {}

  /** Adds them if they are missing. Blocks. */
  static void addAccount(Identity identity) {
    Identity.NewUser administrator = new Identity.NewUser(
        TENANT, "admin@democompany.com", "Admin123!", Role.ADMIN, "Demo", "Admin");
    try {
      identity
          .ensureTenant(TENANT, "Demo Company")
          .compose(done -> identity.ensureUser(administrator))
          .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the database does not answer", e);
    }
  }
}
