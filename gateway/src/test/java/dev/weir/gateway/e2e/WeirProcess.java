package dev.weir.gateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Stream;

/** Weir in a JVM of its own, in an odd zone and locale, made to be killed. */
final class WeirProcess {

  static final String EMAIL = "crash@weir.test";
  static final String PASSWORD = "Crash-Passw0rd";

  private static final String READY = "weir ready ";
  private static final long READY_SECONDS_MAX = 120;
  private static final long END_SECONDS_MAX = 180;

  private final Process process;
  private final Path directory;
  private final Path log;
  private final CompletableFuture<String> url = new CompletableFuture<>();

  private WeirProcess(Process process, Path directory, Path log) {
    this.process = process;
    this.directory = directory;
    this.log = log;
  }

  /**
   * Starts {@code up} on a data directory; does not wait.
   *
   * @param environment settings as WEIR_ variables
   */
  static WeirProcess start(Path directory, Map<String, String> environment) {
    return start("dev.weir.gateway.Main", directory, environment);
  }

  /** The same with another main class. */
  static WeirProcess start(String mainClass, Path directory, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + root().resolve("deploy/jvm.options"));
    // Only the first compiler: what counts here is how soon it is ready.
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Duser.timezone=Pacific/Chatham", "-Duser.language=tr"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(mainClass, "up", "--port", "0"));
    command.addAll(List.of("--data", directory.toString()));
    Path log = directory.resolveSibling(directory.getFileName() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder.environment().put("WEIR_ADMIN_EMAIL", EMAIL);
    builder.environment().put("WEIR_ADMIN_PASSWORD", PASSWORD);
    builder.environment().putAll(environment);
    try {
      WeirProcess weir = new WeirProcess(builder.start(), directory, log);
      weir.watchOutput();
      return weir;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root of the source tree. */
  static Path root() {
    return Path.of(System.getProperty("weir.root", "..")).toAbsolutePath().normalize();
  }

  private void watchOutput() {
    Thread reader = new Thread(
        () -> {
          try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              if (line.startsWith(READY)) {
                url.complete(line.substring(READY.length()));
              }
            }
          } catch (IOException e) {
            // The process was killed while it was read.
          }
          url.completeExceptionally(new IllegalStateException("ended before it was ready"));
        },
        "weir-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Waits for the ready line and gives the address in it. */
  String awaitReady() {
    try {
      return url.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("Weir does not get ready; its log ends with:\n" + endOfLog(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The lines that have this text in them, of all processes on this directory. */
  List<String> logged(String text) {
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> line.contains(text))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines it logged. */
  String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  long pid() {
    return process.pid();
  }

  /** Whether it has begun to start: what SIGTERM does from then on is its own doing, not the JVM's. */
  boolean holdsDirectory() {
    try {
      Path lock = directory.resolve("weir.lock");
      return Files.exists(lock) && Files.readString(lock).strip().equals("" + pid());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM, and waits for the exit code. */
  int stop() {
    tellToStop();
    return awaitExit();
  }

  /** SIGTERM. */
  void tellToStop() {
    process.destroy();
  }

  /** Waits for the exit code. */
  int awaitExit() {
    awaitEnd();
    return process.exitValue();
  }

  /** SIGKILL, unless it ends or gets ready within this time. */
  void killWithin(long millis) {
    try {
      url.get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Killed at whatever point of its start it has reached.
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    kill();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError("Weir does not end:\n" + endOfLog());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** SIGKILL for the embedded PostgreSQL with all its backends; nothing if it does not run. */
  void killPostgres() {
    Path file = directory.resolve("postgres").resolve("postmaster.pid");
    try {
      long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
      ProcessHandle.of(pid).ifPresent(WeirProcess::killTree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void killTree(ProcessHandle postmaster) {
    List<ProcessHandle> tree =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    tree.forEach(ProcessHandle::destroyForcibly);
    tree.forEach(process -> process.onExit().join());
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(e);
  }
}
