package dev.weir.gateway.journal;

import dev.weir.gateway.config.JournalSettings;
import dev.weir.gateway.config.StartFailure;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.metering.archive.ArchiveCommand;
import dev.weir.metering.archive.ArchiveTarget;
import dev.weir.metering.archive.CycleListing;
import dev.weir.metering.archive.RestoredCycles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands that begin with {@code weir journal}. */
public final class JournalCommand {

  /** Exit code when something is wrong with the journal, or could not be done. */
  private static final int PROBLEMS = 1;

  private static final List<String> COMMANDS = List.of("check", "ls", "archive", "restore");

  private final WeirConfig config;
  private final PrintStream out;
  private final InstantSource clock;

  public JournalCommand(WeirConfig config, PrintStream out, InstantSource clock) {
    this.config = config;
    this.out = out;
    this.clock = clock;
  }

  /**
   * Runs one.
   *
   * @param words what follows {@code weir journal}, without the settings
   * @return the exit code
   * @throws StartFailure when the words or the settings do not allow it
   */
  public int run(List<String> words) {
    String command = words.isEmpty() ? "" : words.get(0);
    if (!COMMANDS.contains(command)) {
      throw wrong("'weir journal' is followed by check, ls, archive or restore");
    }
    List<String> rest = words.subList(1, words.size());
    try {
      return switch (command) {
        case "check" -> check(rest);
        case "ls" -> list(rest);
        case "archive" -> archive(rest);
        default -> restore(rest);
      };
    } catch (IOException e) {
      throw StartFailure.surroundings("journal %s: %s".formatted(command, e.getMessage()));
    }
  }

  private static StartFailure wrong(String problem) {
    return StartFailure.settings(List.of(problem + "; 'weir help' shows how."));
  }

  private Path journal() {
    Path journal = config.dataDirectory().resolve("journal");
    if (!Files.isDirectory(journal)) {
      throw StartFailure.surroundings(
          "there is no journal in %s; name its data directory with --data."
              .formatted(config.dataDirectory()));
    }
    return journal;
  }

  private ArchiveTarget target() {
    return JournalArchives.open(config.journal())
        .orElseThrow(() -> StartFailure.settings(List.of(
            "no archive is set; name one with %s.".formatted(JournalSettings.ARCHIVE.variable()))));
  }

  private int check(List<String> words) throws IOException {
    requireOnly(words, List.of("--archive", "--json"));
    Path journal = journal();
    CheckOutput output = new CheckOutput(out, words.contains("--json"));
    if (!words.contains("--archive")) {
      return output.run(journal, Optional.empty());
    }
    try (ArchiveTarget target = target()) {
      return output.run(journal, Optional.of(target));
    }
  }

  private static void requireOnly(List<String> words, List<String> allowed) {
    for (String word : words) {
      if (!allowed.contains(word)) {
        throw wrong("this command does not take '%s'".formatted(word));
      }
    }
  }

  private int list(List<String> words) throws IOException {
    requireOnly(words, List.of());
    out.printf(
        Locale.ROOT,
        "%4s  %-11s  %-8s  %16s  %16s  %12s  %15s  %s%n",
        "lane",
        "cycle",
        "state",
        "first sequence",
        "last sequence",
        "records",
        "bytes",
        "archive");
    for (CycleListing.Entry entry : CycleListing.of(journal())) {
      out.printf(
          Locale.ROOT,
          "%4d  %-11s  %-8s  %,16d  %,16d  %,12d  %,15d  %s%n",
          entry.facts().lane(),
          entry.cycle(),
          entry.state().name().toLowerCase(Locale.ROOT),
          entry.facts().firstSequence(),
          entry.facts().lastSequence(),
          entry.facts().records(),
          entry.facts().bytes(),
          entry.archive().orElse("-"));
    }
    return 0;
  }

  private int archive(List<String> words) throws IOException {
    requireOnly(words, List.of());
    Path journal = journal();
    try (ArchiveTarget target = target()) {
      Optional<ArchiveCommand.Result> done = ArchiveCommand.run(journal, target, out::println);
      if (done.isEmpty()) {
        throw StartFailure.surroundings("a running Weir is archiving at this moment; try again.");
      }
      ArchiveCommand.Result result = done.get();
      out.printf(
          Locale.ROOT,
          "%,d archived in %s, %,d were there; %,d not sealed yet (a running Weir seals a cycle when"
              + " its hour is over and it is in the database); %,d failed%n",
          result.archived(),
          target.place(),
          result.before(),
          result.waiting(),
          result.failed());
      return result.failed() == 0 ? 0 : PROBLEMS;
    }
  }

  private int restore(List<String> words) throws IOException {
    boolean all = words.equals(List.of("--all"));
    if (words.isEmpty() || (!all && !words.stream().allMatch(this::isCycle))) {
      throw wrong("'weir journal restore' takes --all, or cycles such as 20260305-12");
    }
    Path journal = config.dataDirectory().resolve("journal");
    int missing = 0;
    try (ArchiveTarget target = target()) {
      RestoredCycles restored = new RestoredCycles(journal, target, clock);
      for (String word : words) {
        int found =
            restored.restore(all ? Optional.empty() : Optional.of(word), this::printRestored);
        if (found == 0) {
          missing++;
          out.printf(
              Locale.ROOT, "%s has no %s%n", target.place(), all ? "cycle" : "cycle " + word);
        }
      }
    }
    return missing == 0 ? 0 : PROBLEMS;
  }

  private boolean isCycle(String word) {
    return word.matches("[0-9]{8}-[0-9]{2}");
  }

  private void printRestored(int lane, String cycle, boolean wasHere, long bytes) {
    out.printf(
        Locale.ROOT,
        "lane %d, cycle %s: %s, %,d bytes%n",
        lane,
        cycle,
        wasHere ? "was here" : "restored",
        bytes);
  }
}
