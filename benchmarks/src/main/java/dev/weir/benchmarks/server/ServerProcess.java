package dev.weir.benchmarks.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, which goes when it is closed, or when this process ends. */
public final class ServerProcess implements AutoCloseable {

  private static final long READY_MILLIS_MAX = 180_000;
  private static final long STOP_MILLIS_MAX = 60_000;
  private static final long INTERRUPTED_MILLIS_MAX = 20_000;
  private static final long KILLED_MILLIS_MAX = 10_000;
  private static final long LOOK_AGAIN_MILLIS = 100;
  private static final int LOG_LINES = 30;

  private final ServerCommand command;
  private final Process process;
  private final Thread shutdownHook;
  private final long begunNanos = System.nanoTime();
  private volatile long readyNanos;

  /** Whether a server takes requests; asked again and again until it does. */
  @FunctionalInterface
  public interface Readiness {
    boolean isReady() throws InterruptedException;
  }

  private ServerProcess(ServerCommand command, ProcessBuilder builder) throws IOException {
    this.command = command;
    this.process = builder.start();
    // Whoever interrupts the benchmark does not want its servers to stay.
    this.shutdownHook = new Thread(this::stopAtOnce, "bench-server-stop");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  private static ServerProcess start(ServerCommand command, ProcessBuilder builder)
      throws IOException {
    builder.directory(command.directory().toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder.environment().putAll(command.environment());
    return new ServerProcess(command, builder);
  }

  /** Starts a server, and waits until it answers. */
  public static ServerProcess answering(ServerCommand command, Readiness readiness)
      throws IOException, InterruptedException {
    ServerProcess server = start(
        command,
        new ProcessBuilder(command.words())
            .redirectErrorStream(true)
            .redirectOutput(command.log().toFile()));
    try {
      server.await(readiness);
      return server;
    } catch (InterruptedException | RuntimeException e) {
      // Nobody else knows of it.
      server.close();
      throw e;
    }
  }

  private void await(Readiness readiness) throws InterruptedException {
    while (!readiness.isReady()) {
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
      if (!process.isAlive() || millis > READY_MILLIS_MAX) {
        throw notReady(null);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
    readyNanos = System.nanoTime();
  }

  /** A server that prints a line with its address when it is ready. */
  record Printing(ServerProcess process, String address) {}

  /**
   * Starts a server that prints its address, and waits until it does.
   *
   * @param readyPrefix of the line on its standard output that has the address
   */
  static Printing printing(ServerCommand command, String readyPrefix)
      throws IOException, InterruptedException {
    ServerProcess server = start(
        command,
        new ProcessBuilder(command.words())
            .redirectError(ProcessBuilder.Redirect.to(command.log().toFile())));
    CompletableFuture<String> address = new CompletableFuture<>();
    Thread reader =
        new Thread(() -> server.readOutput(readyPrefix, address), "bench-server-output");
    reader.setDaemon(true);
    reader.start();
    try {
      return new Printing(server, address.get(READY_MILLIS_MAX, TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      throw server.notReady(e);
    } catch (InterruptedException e) {
      server.close();
      throw e;
    }
  }

  private void readOutput(String readyPrefix, CompletableFuture<String> address) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(readyPrefix)) {
          readyNanos = System.nanoTime();
          address.complete(line.substring(readyPrefix.length()).strip());
        }
      }
    } catch (IOException e) {
      // It ended while it was read.
    }
    address.completeExceptionally(new IllegalStateException("it ended"));
  }

  private IllegalStateException notReady(@Nullable Exception cause) {
    close();
    return new IllegalStateException(
        "%s does not get ready; its log ends with:%n%s".formatted(command.name(), endOfLog()),
        cause);
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(command.log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** How long it took from its start until it was ready. */
  Duration readyAfter() {
    return Duration.ofNanos(readyNanos - begunNanos);
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Stops it, and waits until it is gone. */
  @Override
  public void close() {
    close(STOP_MILLIS_MAX);
  }

  /**
   * The same with another patience.
   *
   * @param millis until it is killed
   */
  void close(long millis) {
    process.destroy();
    try {
      if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
        // Worth knowing: a server should stop when it is told to.
        System.err.printf(
            "weir bench: %s did not stop within %d s and is killed; %s; its log ends with:%n%s%n",
            command.name(), millis / 1_000, keepThreads(), endOfLog());
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    removeHook();
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The hooks are running already.
    }
  }

  private void stopAtOnce() {
    process.destroy();
    try {
      if (!process.waitFor(INTERRUPTED_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  private void kill() throws InterruptedException {
    if (!process.destroyForcibly().waitFor(KILLED_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
      System.err.printf("weir bench: %s outlives being killed%n", command.name());
    }
  }

  /** What it hangs on is gone when it is killed. */
  private String keepThreads() throws InterruptedException {
    Path file =
        command.reports().resolve("threads-%s-%d.txt".formatted(command.name(), process.pid()));
    try {
      ThreadDump.write(Path.of(command.words().get(0)), process.pid(), file);
      return "its threads are in " + file;
    } catch (IOException e) {
      return "its threads could not be written: " + e.getMessage();
    }
  }
}
