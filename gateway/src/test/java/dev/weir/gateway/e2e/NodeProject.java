package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A small project of JavaScript in {@code src/test/js}, installed below {@code target} from its lock file
 * and run with Node. Tests of it are skipped, saying why, where Node, npm or the packages cannot be had.
 */
final class NodeProject {

  private static final int NODE_MAJOR_MIN = 18;
  private static final long INSTALL_SECONDS_MAX = 300;
  private static final long RUN_SECONDS_MAX = 120;

  /** What npm says when there is no way to a registry and the packages are not in its cache. */
  private static final Pattern OUT_OF_REACH = Pattern.compile(
      "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED|EIDLETIMEOUT");

  private final Path directory;

  private NodeProject(Path directory) {
    this.directory = directory;
  }

  /** What a program wrote to its standard output and its standard error, and how it ended. */
  record Run(int exitCode, String output, String errors) {

    /** The errors without addresses, as whose they are is nobody's business. */
    String shown() {
      return errors.replaceAll("https?://[^\\s\"']+", "<address>");
    }
  }

  /** Copies and installs a project. */
  static NodeProject install(String name) {
    String version = version("node");
    assumeTrue(!version.isEmpty(), "node is not installed; the test of " + name + " is skipped");
    assumeTrue(
        Integer.parseInt(version.replaceFirst("^v([0-9]+).*", "$1")) >= NODE_MAJOR_MIN,
        "node %s is too old; the test of %s is skipped".formatted(version, name));
    assumeTrue(
        !version("npm").isEmpty(), "npm is not installed; the test of " + name + " is skipped");
    NodeProject project = new NodeProject(copy(name));
    Run install = project.run(
        List.of("npm", "ci", "--omit=peer", "--ignore-scripts", "--no-audit", "--no-fund"),
        Map.of(),
        INSTALL_SECONDS_MAX);
    assumeTrue(
        install.exitCode() == 0 || !OUT_OF_REACH.matcher(install.errors()).find(),
        "npm reaches no registry; the test of " + name + " is skipped");
    assertEquals(0, install.exitCode(), install::shown);
    return project;
  }

  private static Path copy(String name) {
    Path source = WeirProcess.root().resolve("gateway/src/test/js").resolve(name);
    Path target = WeirProcess.root().resolve("gateway/target/js").resolve(name);
    try (Stream<Path> files = Files.list(source)) {
      Files.createDirectories(target);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target;
  }

  /** What {@code --version} prints; empty when there is no such program. */
  private static String version(String program) {
    try {
      Process process = new ProcessBuilder(program, "--version")
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String version =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? version : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs a script of the project. */
  Run node(String script, Map<String, String> environment) {
    return run(List.of("node", script), environment, RUN_SECONDS_MAX);
  }

  private Run run(List<String> command, Map<String, String> environment, long secondsMax) {
    Path output = directory.resolve("output.txt");
    Path errors = directory.resolve("errors.txt");
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
        .directory(directory.toFile())
        .redirectOutput(output.toFile())
        .redirectError(errors.toFile());
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      boolean ended = process.waitFor(secondsMax, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertTrue(ended, () -> command + " does not end");
      return new Run(process.exitValue(), Files.readString(output), Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
