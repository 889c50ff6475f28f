package dev.weir.gateway.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs short programs and waits for them, in a bounded time. Their output goes to a file, so that a
 * daemon which one of them leaves behind holds no pipe of ours. Blocking.
 */
final class Programs {

  private static final int OUTPUT_SHOWN_CHARS_MAX = 2_000;

  private final Path directory;
  private final Path output;

  Programs(Path directory) {
    this.directory = directory;
    this.output = directory.resolve("postgres-command.log");
  }

  /** A program ended badly; the message holds what it said. */
  static final class Failed extends IOException {
    Failed(String message) {
      super(message);
    }
  }

  /** Runs to the end; throws {@link Failed} unless it exits 0 in time. */
  void run(List<String> command, String input, int timeoutSeconds) throws IOException {
    Process process = start(command);
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    boolean ended = ended(process, timeoutSeconds);
    if (!ended || process.exitValue() != 0) {
      throw new Failed("%s %s: %s"
          .formatted(
              Path.of(command.get(command.indexOf("-D") < 0 ? 0 : command.indexOf("-D") - 1))
                  .getFileName(),
              ended ? "exited with " + process.exitValue() : "did not end in time",
              said()));
    }
  }

  boolean succeeds(List<String> command) {
    try {
      Process process = start(command);
      process.getOutputStream().close();
      return ended(process, 10) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The end of what the last program printed. */
  String said() throws IOException {
    String text =
        Files.exists(output) ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8) : "";
    return text.substring(Math.max(0, text.length() - OUTPUT_SHOWN_CHARS_MAX)).strip();
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("WEIR_"));
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
    return builder.start();
  }

  private static boolean ended(Process process, int timeoutSeconds) throws IOException {
    try {
      if (process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        return true;
      }
      process.destroyForcibly();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted while waiting for a program", e);
    }
  }
}
