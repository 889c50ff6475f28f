package dev.weir.benchmarks.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server in a JVM of its own, which prints a line with its address when it is ready. */
final class ServerProcess implements AutoCloseable {

  private static final long READY_SECONDS_MAX = 180;
  private static final long STOP_SECONDS_MAX = 60;
  private static final int LOG_LINES = 30;

  private final Process process;
  private final Path log;
  private final String readyPrefix;
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final Thread shutdownHook;

  private ServerProcess(Process process, Path log, String readyPrefix) {
    this.process = process;
    this.log = log;
    this.readyPrefix = readyPrefix;
    // Whoever interrupts the benchmark does not want its servers to stay.
    shutdownHook = new Thread(process::destroy, "bench-server-stop");
  }

  /**
   * Starts a main class and waits until it is ready.
   *
   * @param readyPrefix of the line on its standard output that has the address
   * @param environment settings; no other WEIR_ variables are passed on
   */
  static ServerProcess start(
      Jvm jvm,
      String mainClass,
      List<String> words,
      Map<String, String> environment,
      Path log,
      String readyPrefix)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(jvm.command(mainClass));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder.environment().putAll(environment);
    ServerProcess server = new ServerProcess(builder.start(), log, readyPrefix);
    Runtime.getRuntime().addShutdownHook(server.shutdownHook);
    server.watchOutput();
    server.awaitReady();
    return server;
  }

  private void watchOutput() {
    Thread reader = new Thread(
        () -> {
          try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              if (line.startsWith(readyPrefix)) {
                address.complete(line.substring(readyPrefix.length()).strip());
              }
            }
          } catch (IOException e) {
            // It ended while it was read.
          }
          address.completeExceptionally(new IllegalStateException("it ended"));
        },
        "bench-server-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void awaitReady() throws InterruptedException {
    try {
      address.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IllegalStateException(
          "the server does not get ready; its log ends with:\n" + endOfLog(), e);
    }
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  String address() {
    return address.join();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Stops it, and waits until it is gone. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        // Worth knowing: a server should stop when it is told to.
        System.err.println("weir bench: the server did not stop within " + STOP_SECONDS_MAX
            + " s and was killed; its log ends with:\n" + endOfLog());
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The hooks are running already.
    }
  }
}
