package dev.weir.gateway.e2e;

import dev.weir.gateway.imports.ImportCommand;
import dev.weir.gateway.imports.ImportOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code weir import} in a JVM of its own, in an odd zone and locale, made to be killed. */
final class ImportProcess {

  private static final long END_SECONDS_MAX = 120;

  private final Process process;
  private final Path output;

  private ImportProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * What an import printed.
   *
   * @param exitCode 137 after a kill
   */
  record Outcome(int exitCode, String output) {

    String lastLine() {
      List<String> lines = output.lines().toList();
      return lines.get(lines.size() - 1);
    }

    /** The last line without the rate, which is the machine's doing. */
    String counts() {
      return lastLine().replaceAll(", \\d+ events/s$", "");
    }
  }

  /** Starts one; does not wait. */
  static ImportProcess start(String url, String key, Path output, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + WeirProcess.root().resolve("deploy/jvm.options"));
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Duser.timezone=Pacific/Chatham", "-Duser.language=tr"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.weir.gateway.Main", "import", "--url", url));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder.environment().put("WEIR_API_KEY", key);
    try {
      return new ImportProcess(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one in this JVM to its end. */
  static Outcome inProcess(String url, String key, byte[] standardInput, String... words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    List<String> all = new ArrayList<>(List.of("--url", url));
    all.addAll(List.of(words));
    ImportOptions options = ImportOptions.parse(all, Map.of("WEIR_API_KEY", key));
    int exitCode = new ImportCommand(
            options, new ByteArrayInputStream(standardInput), out, out, InstantSource.system())
        .run();
    return new Outcome(exitCode, bytes.toString(StandardCharsets.UTF_8));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL, and waits until it is gone. */
  Outcome kill() {
    process.destroyForcibly();
    return awaitEnd();
  }

  /** SIGTERM, and waits until it is gone. */
  Outcome stop() {
    process.destroy();
    return awaitEnd();
  }

  Outcome awaitEnd() {
    try {
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError("The import does not end:\n" + Files.readString(output));
      }
      return new Outcome(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
