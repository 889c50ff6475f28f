package dev.weir.benchmarks.fetch;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.server.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Fetches by Maven what a contender needs, into the build's directory. */
public final class ContenderFiles {

  private static final long MINUTES_MAX = 10;
  private static final int LINES_MAX = 10;

  private final String name;
  private final Path pom;
  private final Path directory;

  /** A copy of the pom, written when everything it names is there. */
  private final Path complete;

  private ContenderFiles(String name) {
    Path module = Tree.root().resolve("benchmarks");
    this.name = name;
    this.pom = module.resolve("contenders").resolve(name).resolve("pom.xml");
    this.directory = module.resolve("target/contenders").resolve(name);
    this.complete = module.resolve("target/contenders").resolve(name + ".pom");
  }

  /**
   * The directory with its files: at once when they are there, else after seconds, or minutes if they
   * have to be downloaded.
   *
   * @param name of its directory below {@code contenders}
   * @throws ContenderMissing if they cannot be had
   */
  public static Path of(String name, Console console) throws IOException, InterruptedException {
    ContenderFiles files = new ContenderFiles(name);
    if (!files.isComplete()) {
      console.progress("fetching " + name);
      // Without the network first: that asks nobody, and is quick when Maven has the files.
      if (!files.copied("-o") && !files.copied()) {
        throw new ContenderMissing("%s is not here and cannot be fetched; Maven says:%n%s"
            .formatted(name, files.errors()));
      }
    }
    return files.directory;
  }

  /**
   * The same, but nothing is downloaded: what Maven has already fetched at some time counts.
   *
   * @throws ContenderMissing if it has not
   */
  static Path fromHere(String name) throws IOException, InterruptedException {
    ContenderFiles files = new ContenderFiles(name);
    if (!files.isComplete() && !files.copied("-o")) {
      throw new ContenderMissing(
          "%1$s is not here; './weir bench %1$s' fetches it".formatted(name));
    }
    return files.directory;
  }

  private boolean isComplete() throws IOException {
    return Files.exists(complete) && Files.mismatch(pom, complete) < 0;
  }

  private boolean copied(String... more) throws IOException, InterruptedException {
    Tree.delete(directory);
    Files.createDirectories(directory);
    if (maven(more) != 0) {
      return false;
    }
    Files.writeString(complete, Files.readString(pom));
    return true;
  }

  private Path log() {
    return directory.resolveSibling(name + ".log");
  }

  private int maven(String... more) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(
        "mvn",
        "-q",
        "-B",
        "-f",
        pom.toString(),
        "-Dcontender.directory=" + directory,
        "process-resources"));
    words.addAll(Arrays.asList(more));
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log().toFile());
    builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    Process maven;
    try {
      maven = builder.start();
    } catch (IOException e) {
      throw new ContenderMissing(
          name + " is fetched by mvn, which does not start: " + e.getMessage());
    }
    if (!maven.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      maven.destroyForcibly();
      throw new ContenderMissing(
          name + " could not be fetched within " + MINUTES_MAX + " minutes; see " + log());
    }
    return maven.exitValue();
  }

  private String errors() throws IOException {
    return Files.readAllLines(log(), StandardCharsets.UTF_8).stream()
        .filter(line -> line.contains("ERROR"))
        .limit(LINES_MAX)
        .collect(Collectors.joining("\n"));
  }
}
