package dev.weir.benchmarks.server;

import dev.weir.gateway.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The PostgreSQL that Weir embeds, with its settings, without Weir; goes when this process ends. */
public final class BenchDatabase implements AutoCloseable {

  private final EmbeddedServer server;
  private final Thread shutdownHook;

  private BenchDatabase(EmbeddedServer server) {
    this.server = server;
    this.shutdownHook = new Thread(server::close, "bench-database-stop");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** Starts it with files in a directory below this one, where {@link Target} looks for it. */
  public static BenchDatabase start(Path directory) throws IOException {
    Path programs = Path.of(System.getProperty("user.home", "."), ".cache", "weir");
    Path files = Files.createDirectories(directory.resolve(Target.DATA_DIRECTORY));
    return new BenchDatabase(EmbeddedServer.start(files, programs, new SecureRandom()));
  }

  public EmbeddedServer server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The hooks are running already.
    }
  }
}
