package dev.weir.benchmarks.results;

import dev.weir.benchmarks.harness.Reason;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.ReportJson;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.report.TextReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page of Markdown with places for figures. Pure.
 *
 * <p>A place is what stands between {@code <!-- result KEY: TITLE -->} and {@code <!-- end -->}: it shows
 * the section of a report whose title begins so, or {@code measured} how it was measured, or
 * {@code machine} on what.
 *
 * <p>A single figure stands between {@code <!-- figure KEY: TITLE; ROW; COLUMN -->} and
 * {@code <!-- /figure -->} in a line: the cell of the first table whose title, row and column begin so. Without
 * row and column it is what follows the colon in the title. Everything else on the page is the writer's.
 */
final class ResultsPage {

  private static final Pattern PLACE = Pattern.compile(
      "(?<begin><!-- result (?<key>[a-z0-9-]+): (?<title>[^>]*?) -->\\n)(.*?)(?<end><!-- end -->)",
      Pattern.DOTALL);
  private static final Pattern FIGURE = Pattern.compile(
      "(?<begin><!-- figure (?<key>[a-z0-9-]+): (?<title>[^>;]*)(?:; (?<row>[^>;]*); (?<column>[^>;]*))? -->)"
          + "([^<\\n]*)(?<end><!-- /figure -->)");
  private static final Pattern FIGURE_MARK = Pattern.compile("<!-- (figure |/figure -->)");
  private static final Pattern MARK = Pattern.compile("<!-- (result |end -->)");

  /** What tells one machine and state of Weir from another; the rest is on the place for it. */
  private static final Set<String> SHORT_MACHINE =
      Set.of("date", "commit", "speed before", "command", "runs");

  private ResultsPage() {}

  /**
   * The page with every place filled anew.
   *
   * @param reports by key; a place of which there is none says so
   * @throws IllegalStateException if the places are not written as they should be
   */
  static String rebuilt(String page, Map<String, ReportJson.Kept> reports) {
    String placed = filled(
        page,
        PLACE,
        MARK,
        place -> "\n"
            + Optional.ofNullable(reports.get(place.group("key")))
                .map(report -> content(report, place.group("title")))
                .orElse("Not measured yet: `./weir bench all --only " + place.group("key") + "`.\n")
            + "\n",
        "a place begins by <!-- result KEY: TITLE --> on a line of its own"
            + " and ends by <!-- end -->");
    return filled(
        placed,
        FIGURE,
        FIGURE_MARK,
        figure -> Optional.ofNullable(reports.get(figure.group("key")))
            .map(kept ->
                figure(kept, figure.group("title"), figure.group("row"), figure.group("column")))
            .orElse("–"),
        "a figure begins by <!-- figure KEY: TITLE; ROW; COLUMN --> and ends on its line by"
            + " <!-- /figure -->");
  }

  /** Puts something new between the marks of each pair; a mark that has no other is refused. */
  private static String filled(
      String page, Pattern pair, Pattern mark, Function<Matcher, String> content, String rule) {
    Matcher pairs = pair.matcher(page);
    StringBuilder filled = new StringBuilder();
    int marks = 0;
    while (pairs.find()) {
      marks += 2;
      pairs.appendReplacement(
          filled,
          Matcher.quoteReplacement(
              pairs.group("begin") + content.apply(pairs) + pairs.group("end")));
    }
    if (mark.matcher(page).results().count() != marks) {
      throw new IllegalStateException(rule);
    }
    return pairs.appendTail(filled).toString();
  }

  private static String figure(
      ReportJson.Kept kept, String title, @Nullable String row, @Nullable String column) {
    if (!kept.report().faults().isEmpty()) {
      return "**fault**";
    }
    Optional<Section> found = titled(kept, title);
    if (row == null || column == null) {
      return found
          .map(section ->
              section.title().substring(section.title().indexOf(':') + 1).strip())
          .orElse("?");
    }
    return found
        .map(section -> section instanceof Section.Table table ? cell(table, row, column) : "?")
        .orElse("?");
  }

  private static Optional<Section> titled(ReportJson.Kept kept, String title) {
    return kept.report().sections().stream()
        .filter(section -> section.title().startsWith(title))
        .findFirst();
  }

  private static String cell(Section.Table table, String row, String column) {
    int at = 0;
    while (at < table.columns().size() && !table.columns().get(at).startsWith(column)) {
      at++;
    }
    int wanted = at;
    return table.rows().stream()
        .filter(cells -> cells.get(0).startsWith(row) && wanted < cells.size())
        .map(cells -> cells.get(wanted))
        .findFirst()
        .orElse("?");
  }

  /** The keys that the page has places for. */
  static List<String> keys(String page) {
    return Stream.of(PLACE, FIGURE)
        .flatMap(marks -> marks.matcher(page).results())
        .map(place -> place.group(2))
        .distinct()
        .toList();
  }

  private static String content(ReportJson.Kept kept, String title) {
    return switch (title) {
      case "measured" -> list(kept.report().facts());
      case "machine" ->
        list(kept.surroundings().stream()
            .filter(fact -> !SHORT_MACHINE.contains(fact.name()))
            .toList());
      default -> section(kept, title);
    };
  }

  private static String section(ReportJson.Kept kept, String title) {
    StringBuilder text = new StringBuilder();
    kept.report()
        .faults()
        .forEach(fault -> text.append("**FAULT: ").append(shown(fault)).append("**\n\n"));
    Optional<Section> found = titled(kept, title);
    if (found.isEmpty()) {
      return text + "The report has no section that begins by '" + title + "'.\n";
    }
    text.append(found.get().title()).append(":\n\n").append(TextReport.of(found.get()));
    return text.append('\n').append(source(kept.surroundings())).append('\n').toString();
  }

  /** One line: when, what and how. */
  private static String source(List<Fact> surroundings) {
    List<String> words = new ArrayList<>();
    for (Fact fact : surroundings) {
      if (SHORT_MACHINE.contains(fact.name())) {
        words.add(
            switch (fact.name()) {
              case "command" -> "`" + fact.value() + "`";
              case "runs" -> fact.value();
              default -> fact.name() + " " + fact.value();
            });
      }
    }
    return String.join(", ", words) + ".";
  }

  private static String list(List<Fact> facts) {
    StringBuilder text = new StringBuilder();
    facts.forEach(fact ->
        text.append("- ").append(fact.name()).append(": ").append(fact.value()).append('\n'));
    return text.toString();
  }

  /** Of a fault its first line; the report has all of it. */
  private static String shown(String fault) {
    return Reason.line(fault).replace("<", "&lt;");
  }
}
