package dev.weir.gateway;

import dev.weir.gateway.demo.DemoCommand;
import dev.weir.gateway.identity.Identity;
import dev.weir.gateway.identity.Role;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The tenant and the administrator that the demo signs in as. */
final class Demo {

  private static final long TIMEOUT_SECONDS = 30;

  private Demo() {}

  /** Adds them if they are missing. Blocks. */
  static void addAccount(Identity identity) {
    UUID tenant = UUID.fromString(DemoCommand.TENANT_ID);
    Identity.NewUser administrator = new Identity.NewUser(
        tenant, DemoCommand.ADMIN_EMAIL, DemoCommand.ADMIN_PASSWORD, Role.ADMIN, "Demo", "Admin");
    try {
      identity
          .ensureTenant(tenant, DemoCommand.TENANT_NAME)
          .compose(done -> identity.ensureUser(administrator))
          .await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the database does not answer", e);
    }
  }
}
