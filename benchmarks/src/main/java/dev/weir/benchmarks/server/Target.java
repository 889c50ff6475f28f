package dev.weir.benchmarks.server;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.gateway.postgres.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A server to measure: one that runs already, or one of our own, which goes with all its files and with
 * the PostgreSQL that it may leave.
 */
public final class Target implements AutoCloseable {

  private static final Option URL =
      new Option("url", "URL", "", "a Weir that runs; else bench starts one and deletes it");
  private static final Option KEY =
      new Option("key", "KEY", "", "its API key, scopes ingest, read and write; or WEIR_KEY");
  private static final Option SET =
      new Option("set", "A=B,…", "", "settings of Weir, as ingest.lanes=2");

  /** In the directory of a server: what it keeps. */
  static final String DATA_DIRECTORY = "data";

  private final URI url;
  private final URI loadUrl;
  private final String key;
  private final String meaning;
  private final @Nullable ServerProcess process;
  private final @Nullable Path directory;
  private final boolean keepsFiles;
  private final WeirClient watcher;

  private Target(
      URI url,
      URI loadUrl,
      String key,
      String meaning,
      @Nullable ServerProcess process,
      @Nullable Path directory,
      boolean keepsFiles) {
    this.url = url;
    this.loadUrl = loadUrl;
    this.key = key;
    this.meaning = meaning;
    this.process = process;
    this.directory = directory;
    this.keepsFiles = keepsFiles;
    this.watcher = new WeirClient(url, "");
  }

  /** The options that {@link #weir} reads. */
  public static List<Option> options() {
    List<Option> all = new ArrayList<>(List.of(URL, KEY, SET));
    all.addAll(Workspace.OPTIONS);
    all.addAll(Jvm.OPTIONS);
    return all;
  }

  /** The Weir that the options name, or a fresh one. */
  public static Target weir(Options options, Console console)
      throws IOException, InterruptedException {
    return weir(options, Map.of(), console);
  }

  /** The same with settings of the benchmark's own, which cannot be given to a Weir that runs. */
  public static Target weir(Options options, Map<String, String> own, Console console)
      throws IOException, InterruptedException {
    if (options.isDeclared("url") && options.isGiven("url")) {
      return running(options);
    }
    Installation installation = Installation.fresh(options, own);
    console.progress("starting " + installation.meaning());
    try {
      return of(installation, installation.start(), false);
    } catch (IOException | InterruptedException | RuntimeException e) {
      installation.close();
      throw e;
    }
  }

  /** A Weir that was started; its files stay if the installation is started again. */
  static Target of(Installation installation, ServerProcess.Printing server, boolean keepsFiles)
      throws InterruptedException {
    URI url = URI.create(server.address());
    try {
      return new Target(
          url,
          installation.loadUrl(url),
          installation.newKey(url),
          installation.meaning(),
          server.process(),
          installation.directory(),
          keepsFiles);
    } catch (InterruptedException | RuntimeException e) {
      server.process().close();
      throw e;
    }
  }

  static boolean isHttp2(Options options) {
    return options.isDeclared("protocol") && options.text("protocol").equals("h2c");
  }

  private static Target running(Options options) {
    String given = options.text("url");
    URI url = URI.create(given);
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      throw new UsageFailure("--url must be http:// and a host, not '" + given + "'");
    }
    String key = options.isGiven("key")
        ? options.text("key")
        : Optional.ofNullable(System.getenv("WEIR_KEY")).orElse("");
    if (key.isEmpty()) {
      throw new UsageFailure("--url needs --key, or WEIR_KEY in the environment");
    }
    if (isHttp2(options)) {
      throw new UsageFailure(
          "--protocol h2c needs a Weir that bench starts: where --url speaks HTTP/2 is not known");
    }
    return new Target(url, url, key, "runs already at " + url, null, null, true);
  }

  /** Another main class of this class path; prints a line that begins with the prefix. */
  public static Target other(
      Options options, String mainClass, List<String> words, String readyPrefix)
      throws IOException, InterruptedException {
    Jvm jvm = Jvm.of(options);
    Path directory = Workspace.fresh(options);
    try {
      List<String> all = new ArrayList<>(jvm.command(mainClass));
      all.addAll(words);
      ServerProcess.Printing server = ServerProcess.printing(
          new ServerCommand("server", all, Map.of(), directory, Tree.reports(options)),
          readyPrefix);
      return started(URI.create(server.address()), jvm.text(), server.process(), directory);
    } catch (IOException | InterruptedException | RuntimeException e) {
      discard(directory);
      throw e;
    }
  }

  /** Something that was started already, in a directory that goes with it. */
  public static Target started(URI url, String meaning, ServerProcess process, Path directory) {
    return new Target(url, url, "", meaning, process, directory, false);
  }

  /** {@code ingest.lanes=2} becomes {@code WEIR_INGEST_LANES}. */
  static Map<String, String> settings(String text) {
    Map<String, String> settings = new HashMap<>();
    for (String setting : text.split(",", -1)) {
      if (!setting.isBlank()) {
        int equals = setting.indexOf('=');
        String name = equals < 0 ? "" : setting.substring(0, equals).strip();
        if (!name.matches("[a-z0-9]+(\\.[a-z0-9]+)+")) {
          throw new UsageFailure("--set must be settings as ingest.lanes=2, not '" + setting + "'");
        }
        settings.put(
            "WEIR_" + name.replace('.', '_').toUpperCase(java.util.Locale.ROOT),
            setting.substring(equals + 1).strip());
      }
    }
    return settings;
  }

  public URI url() {
    return url;
  }

  /** Where the load goes: another port when that is HTTP/2. */
  public URI loadUrl() {
    return loadUrl;
  }

  public String key() {
    return key;
  }

  /** What it runs on, for reports. */
  public String meaning() {
    return meaning;
  }

  public WeirClient client() {
    return new WeirClient(url, key);
  }

  /** Its process, if it is ours. */
  Optional<ProcessHandle> handle() {
    return Optional.ofNullable(process).map(ServerProcess::handle);
  }

  /** How long it took from the command until it took requests; zero if it is not our process. */
  public Duration readyAfter() {
    return process == null ? Duration.ZERO : process.readyAfter();
  }

  /** What it has used so far; {@link ServerUse#isKnown unknown} if it is not our process. */
  public ServerSample sample() {
    if (process == null) {
      return ServerSample.NONE;
    }
    return ServerSample.of(
        process.handle(), directory == null ? null : postmaster(directory), metrics());
  }

  /** What it holds now; zeros if it is not our process. */
  public ServerState state() {
    return process == null ? ServerState.NONE : ServerState.of(process.handle(), metrics());
  }

  /**
   * Only Weir gives us a key, and says something about itself; empty when it does not answer, as it may
   * not under overload.
   */
  private String metrics() {
    try {
      return key.isEmpty() ? "" : watcher.metrics();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (IllegalStateException e) {
      return "";
    }
  }

  private static @Nullable ProcessHandle postmaster(Path directory) {
    Path file = directory.resolve(DATA_DIRECTORY).resolve("postgres/postmaster.pid");
    try {
      long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
      return ProcessHandle.of(pid).orElse(null);
    } catch (IOException | RuntimeException e) {
      // There is none, or it is being started.
      return null;
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    if (directory != null && !keepsFiles) {
      discard(directory);
    }
  }

  /** A server that was killed leaves its PostgreSQL running on files that are about to go. */
  static void discard(Path directory) {
    ProcessHandle left = postmaster(directory);
    if (left != null) {
      System.err.println("weir bench: the server left its PostgreSQL, which is stopped");
      try {
        EmbeddedServer.stopLeftOver(directory.resolve(DATA_DIRECTORY));
      } catch (IOException e) {
        left.descendants().forEach(ProcessHandle::destroyForcibly);
        left.destroyForcibly();
      }
    }
    Tree.delete(directory);
  }
}
