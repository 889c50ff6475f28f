package dev.weir.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Keeps reports in a directory, named by benchmark and time. */
public final class ReportFiles {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ReportFiles() {}

  /** Writes text and HTML; gives the path of the HTML file. */
  public static Path write(Path directory, Report report, List<Fact> surroundings, Instant now)
      throws IOException {
    Files.createDirectories(directory);
    String name = report.name() + "-" + TIME.format(now);
    Files.writeString(directory.resolve(name + ".md"), TextReport.of(report, surroundings));
    return Files.writeString(
        directory.resolve(name + ".html"), HtmlReport.of(report, surroundings));
  }
}
