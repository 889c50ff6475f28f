package dev.weir.benchmarks.results;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.ReportJson;
import dev.weir.benchmarks.server.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Kept reports, a file each, and the page that shows them. */
record Results(Path directory, Path page) {

  static final List<Option> OPTIONS = List.of(
      new Option("results", "DIR", "", "of kept reports; else benchmarks/results in the tree"),
      new Option("page", "FILE", "", "that shows them; else benchmarks/RESULTS.md in the tree"));

  static Results of(Options options) {
    Path module = Tree.root().resolve("benchmarks");
    return new Results(
        options.isGiven("results") ? options.path("results") : module.resolve("results"),
        options.isGiven("page") ? options.path("page") : module.resolve("RESULTS.md"));
  }

  void keep(String key, Report report, List<Fact> surroundings) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(key + ".json"), ReportJson.of(report, surroundings));
  }

  /** Those that are there, by key. */
  Map<String, ReportJson.Kept> kept(List<String> keys) throws IOException {
    Map<String, ReportJson.Kept> kept = new TreeMap<>();
    for (String key : keys) {
      Path file = directory.resolve(key + ".json");
      if (Files.exists(file)) {
        kept.put(key, ReportJson.read(Files.readString(file)));
      }
    }
    return kept;
  }

  /** Writes the page anew; gives what it shows. */
  Map<String, ReportJson.Kept> rebuild() throws IOException {
    if (!Files.exists(page)) {
      throw new IllegalStateException("there is no page " + page);
    }
    String text = Files.readString(page);
    Map<String, ReportJson.Kept> kept = kept(ResultsPage.keys(text));
    String rebuilt = ResultsPage.rebuilt(text, kept);
    if (!rebuilt.equals(text)) {
      Files.writeString(page, rebuilt);
    }
    return kept;
  }
}
