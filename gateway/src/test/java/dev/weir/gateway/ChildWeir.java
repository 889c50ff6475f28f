package dev.weir.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Weir in a JVM of its own, as a user starts it, to be signalled and killed. */
public final class ChildWeir implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;
  private final Path errors;

  private ChildWeir(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts a command; the log goes to a file in the directory. */
  public static ChildWeir start(Path directory, Map<String, String> environment, String... words)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + TestDirectories.root().resolve("deploy/jvm.options"),
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.weir.gateway.Main"));
    command.addAll(List.of(words));
    Path errors = Files.createTempFile(directory, "child-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(errors.toFile()).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder
        .environment()
        .put("WEIR_POSTGRES_PROGRAMS_DIR", TestDirectories.programs().toString());
    builder.environment().putAll(environment);
    return new ChildWeir(builder.start(), errors);
  }

  /** Waits for the ready line and gives the address in it. */
  public String awaitReady() throws IOException {
    String line = out.readLine();
    if (line == null || !line.startsWith("weir ready http://127.0.0.1:")) {
      throw new IllegalStateException("not ready: " + line + "\n" + errors());
    }
    return line.substring("weir ready ".length());
  }

  /** What is left on standard output, once it has ended. */
  public String restOfOutput() {
    return out.lines().collect(Collectors.joining("\n"));
  }

  public String errors() throws IOException {
    return Files.readString(errors);
  }

  /** As kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit();
  }

  /** As kill, or systemctl stop; through the handle, which leaves the output readable. */
  public void terminate() {
    process.toHandle().destroy();
  }

  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      awaitExit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
