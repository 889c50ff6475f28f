package dev.weir.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where figures come from: what a reader needs to compare them with others. */
public final class Machine {

  private static final String UNKNOWN = "unknown";

  private Machine() {}

  /**
   * Looks at the machine; call it before the load, as it tells how busy it was.
   *
   * @param root of the source tree
   * @param data where files are written
   */
  public static List<Fact> facts(Path root, Path data, Instant now) throws InterruptedException {
    return facts(commit(root), data, now);
  }

  /**
   * The same where several are measured of one source tree.
   *
   * @param commit as {@link #commit} gave it before the first of them
   */
  public static List<Fact> facts(String commit, Path data, Instant now)
      throws InterruptedException {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("date", now.toString()));
    facts.add(new Fact("commit", commit));
    facts.add(new Fact(
        "processor",
        first("/proc/cpuinfo", "model name\\s*:\\s*(.*)") + ", cores: "
            + Runtime.getRuntime().availableProcessors()));
    facts.add(new Fact("memory", first("/proc/meminfo", "MemTotal:\\s*(.*)")));
    facts.add(
        new Fact("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version")));
    facts.add(new Fact("disk", disk(data)));
    facts.add(new Fact("load average before", first("/proc/loadavg", "(\\S+ \\S+ \\S+)")));
    facts.add(new Fact("speed before", CoreSpeed.ofThisMachine().text()));
    facts.add(new Fact(
        "JDK of the driver",
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version")));
    return facts;
  }

  private static String first(String file, String pattern) {
    try {
      Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
      return matcher.find() ? matcher.group(1).strip() : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String disk(Path data) {
    try {
      Files.createDirectories(data);
      FileStore store = Files.getFileStore(data);
      return "%s on %s, %,d GiB free"
          .formatted(store.type(), store.name(), store.getUsableSpace() >> 30);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** What is checked out, and whether it was changed since. */
  public static String commit(Path root) {
    try {
      Process git = new ProcessBuilder(
              "git", "-C", root.toString(), "describe", "--always", "--dirty", "--abbrev=12")
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? text : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
