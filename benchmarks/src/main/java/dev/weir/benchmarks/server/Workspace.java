package dev.weir.benchmarks.server;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import java.nio.file.Path;
import java.util.List;

/** Where what is measured has its files. */
public final class Workspace {

  /** Whether the machine's free memory is touched before. */
  private static final String TOUCH = "touch-memory";

  private static final String DATA = "data";

  /** The options that are read here; none of them must be declared. */
  public static final List<Option> OPTIONS = List.of(
      new Option(DATA, "DIR", "", "where fresh data directories are made; else the system's"),
      new Option(
          TOUCH,
          "yes|no",
          "no",
          "touch free memory before, which a virtual machine's host gives late"));

  private enum Answer {
    YES,
    NO
  }

  private Workspace() {}

  /** Where fresh directories are made. */
  public static Path parent(Options options) {
    return options.isDeclared(DATA) && options.isGiven(DATA)
        ? options.path(DATA)
        : Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** A fresh directory; whoever asks for it {@linkplain Tree#delete deletes} it. */
  public static Path fresh(Options options) {
    Path directory = Tree.fresh(parent(options));
    if (options.isDeclared(TOUCH) && options.choice(TOUCH, Answer.class) == Answer.YES) {
      HostMemory.touch(directory);
    }
    return directory;
  }
}
