package dev.weir.gateway.e2e;

import dev.weir.gateway.demo.DemoCommand;
import dev.weir.gateway.demo.DemoOptions;
import dev.weir.gateway.identity.Role;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * One run of the demo against a server that stays.
 *
 * @param output everything it printed
 */
record DemoRun(int exitCode, String output) {

  /** Adds the account that the demo signs in as. */
  static Http addAccount(LocalWeir weir) {
    weir.addTenant(
        UUID.fromString(DemoCommand.TENANT_ID),
        DemoCommand.TENANT_NAME,
        DemoCommand.ADMIN_EMAIL,
        DemoCommand.ADMIN_PASSWORD,
        Role.ADMIN);
    return weir.anyone().signedIn(DemoCommand.ADMIN_EMAIL, DemoCommand.ADMIN_PASSWORD);
  }

  /** Runs it to its end; the account is there. */
  static DemoRun against(LocalWeir weir, String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    DemoOptions options = DemoOptions.parse(List.of(arguments));
    int exitCode =
        new DemoCommand(options, URI.create(weir.url()), out, InstantSource.system()).run();
    return new DemoRun(exitCode, bytes.toString(StandardCharsets.UTF_8));
  }

  String lastLine() {
    List<String> lines = output.lines().toList();
    return lines.get(lines.size() - 1);
  }
}
