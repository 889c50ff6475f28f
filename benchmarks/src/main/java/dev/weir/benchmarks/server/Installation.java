package dev.weir.benchmarks.server;

import dev.weir.benchmarks.harness.Options;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Weir of our own with its files in a fresh directory, which can be started again and again and goes with
 * all its files when it is closed.
 */
public final class Installation implements AutoCloseable {

  private static final String EMAIL = "bench@weir.local";
  private static final String PASSWORD = "Bench-Passw0rd";

  private static final String IDENTITIES = "WEIR_DEDUP_IDENTITIES_MAX";

  /** An hour at capacity is more events than an installation of the default bound sees in a month. */
  private static final String IDENTITIES_MAX = "1000000000";

  private final ServerCommand command;
  private final String meaning;
  private final int http2Port;

  private Installation(ServerCommand command, String meaning, int http2Port) {
    this.command = command;
    this.meaning = meaning;
    this.http2Port = http2Port;
  }

  /** One that was never started; the settings of the benchmark's own come before those given. */
  public static Installation fresh(Options options, Map<String, String> own) throws IOException {
    Jvm jvm = Jvm.of(options);
    Map<String, String> environment = Target.settings(options.text("set"));
    environment.putIfAbsent(IDENTITIES, IDENTITIES_MAX);
    environment.putAll(own);
    int http2Port = Target.isHttp2(options) ? FreePort.find() : 0;
    if (http2Port != 0) {
      environment.put("WEIR_HTTP2_PORT", Integer.toString(http2Port));
    }
    environment.put("WEIR_ADMIN_EMAIL", EMAIL);
    environment.put("WEIR_ADMIN_PASSWORD", PASSWORD);
    Path directory = Workspace.fresh(options);
    List<String> words = new ArrayList<>(jvm.command("dev.weir.gateway.Main"));
    words.addAll(List.of(
        "up", "--data", directory.resolve(Target.DATA_DIRECTORY).toString(), "--port", "0"));
    String settings = ", dedup.identities.max=" + environment.get(IDENTITIES)
        + (options.isGiven("set") ? ", " + options.text("set") : "");
    return new Installation(
        new ServerCommand("weir", words, environment, directory, Tree.reports(options)),
        jvm.text() + settings,
        http2Port);
  }

  /** What it runs on, for reports. */
  public String meaning() {
    return meaning;
  }

  Path directory() {
    return command.directory();
  }

  /** Starts it, and waits until it takes requests. */
  ServerProcess.Printing start() throws IOException, InterruptedException {
    return ServerProcess.printing(command, "weir ready ");
  }

  /** The same; whoever closes what this gives stops the process, and the files stay. */
  public Target target() throws IOException, InterruptedException {
    return Target.of(this, start(), true);
  }

  /** Where the load goes. */
  URI loadUrl(URI url) {
    return http2Port == 0 ? url : URI.create("http://" + url.getHost() + ":" + http2Port);
  }

  String newKey(URI url) throws InterruptedException {
    return WeirClient.newKey(url, EMAIL, PASSWORD);
  }

  @Override
  public void close() {
    Target.discard(directory());
  }
}
