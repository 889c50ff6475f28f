package dev.weir.benchmarks.explorer;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What to write and how often to look.
 *
 * @param directory of the journal; written unless it is there already
 * @param events in the month
 * @param customers with one subject each, all alike
 * @param frameEvents events in a frame
 * @param dataBytes of each event's data
 * @param lookups of each kind
 * @param dropsCaches whether to empty the page cache before each cold look-up; needs root
 */
public record ExplorerLoad(
    Path directory,
    long events,
    int customers,
    int frameEvents,
    int dataBytes,
    int lookups,
    boolean dropsCaches) {

  private static final long EVENTS_MAX = 10_000_000_000L;

  /** The options that {@link #of} reads. */
  static final List<Option> OPTIONS = List.of(
      new Option("dir", "DIR", "", "of a journal that is kept; else a fresh one that goes"),
      new Option("events", "N", "20_000_000", "in the month"),
      new Option("customers", "N", "10_000", "with one subject each"),
      new Option("frame", "N", "1000", "events in a frame"),
      new Option("data-bytes", "N", "120", "of each event's data"),
      new Option("lookups", "N", "10", "of each kind"),
      Option.flag("drop-caches", "also with an empty page cache before each look-up; needs root"));

  static ExplorerLoad of(Options options, Path directory) {
    return new ExplorerLoad(
        directory,
        options.number("events", 1, EVENTS_MAX),
        options.count("customers"),
        options.count("frame"),
        options.count("data-bytes"),
        options.count("lookups"),
        options.flag("drop-caches"));
  }

  /** What a reader must know of it. */
  static List<Fact> facts(Options options) {
    return List.of(
        new Fact("measured", "in this process, without HTTP"),
        new Fact(
            "events",
            String.format(
                Locale.ROOT,
                "%,d of a month, %,d customers with one subject each, data of %,d bytes, journaled %,d at"
                    + " once",
                options.number("events", 1, EVENTS_MAX),
                options.count("customers"),
                options.count("data-bytes"),
                options.count("frame"))),
        new Fact("an acknowledged event is", "none: what was journaled before is found again"));
  }

  static String subject(long customer) {
    return String.format(Locale.ROOT, "customer-%05d", customer);
  }
}
