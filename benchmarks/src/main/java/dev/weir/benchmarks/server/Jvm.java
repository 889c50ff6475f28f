package dev.weir.benchmarks.server;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server process runs on.
 *
 * @param home of the JDK
 * @param flags besides those that Weir always needs
 */
public record Jvm(Path home, List<String> flags) {

  public static final List<Option> OPTIONS = List.of(
      new Option("java", "HOME", "", "another JDK for the server; else the driver's"),
      new Option("heap", "SIZE", "1g", "the server's heap"),
      new Option("jvm", "'FLAG …'", "", "more flags for the server's JVM"));

  private static final long LEAST_MEBIBYTES = 512;

  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"([^\"]+)\"");

  public Jvm {
    flags = List.copyOf(flags);
  }

  public static Jvm of(Options options) {
    Path home =
        options.isGiven("java") ? options.path("java") : Path.of(System.getProperty("java.home"));
    if (!Files.isExecutable(home.resolve("bin/java"))) {
      throw new UsageFailure("--java must be the home of a JDK; there is no " + home + "/bin/java");
    }
    String heap = options.text("heap");
    if (!heap.matches("[1-9][0-9]*[kmgKMG]")) {
      throw new UsageFailure("--heap must be a size such as 512m or 2g, not '" + heap + "'");
    }
    List<String> flags = new ArrayList<>(List.of(least(heap), "-Xmx" + heap));
    Arrays.stream(options.text("jvm").split(" ", -1))
        .filter(flag -> !flag.isBlank())
        .forEach(flags::add);
    return new Jvm(home, flags);
  }

  /** As the launcher has it: a heap that shrinks is collected again and again for nothing. */
  private static String least(String heap) {
    long number = Long.parseLong(heap.substring(0, heap.length() - 1));
    long mebibytes = switch (Character.toLowerCase(heap.charAt(heap.length() - 1))) {
      case 'g' -> number * 1_024;
      case 'm' -> number;
      default -> number / 1_024;
    };
    return mebibytes < LEAST_MEBIBYTES ? "-Xms" + heap : "-Xms" + LEAST_MEBIBYTES + "m";
  }

  /** The words that start a class of this class path with the flags that Weir needs. */
  public List<String> command(String mainClass) {
    List<String> command = program();
    command.add(1, "@" + Tree.root().resolve("deploy/jvm.options"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    return command;
  }

  /** The words that start a JVM, up to what it shall run. */
  public List<String> program() {
    List<String> program = new ArrayList<>();
    program.add(home.resolve("bin/java").toString());
    program.addAll(flags);
    return program;
  }

  /** As a report names it. */
  public String text() {
    return version() + " " + String.join(" ", flags);
  }

  private String version() {
    try {
      Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
      return matcher.find() ? "Java " + matcher.group(1) : home.toString();
    } catch (IOException e) {
      return home.toString();
    }
  }
}
