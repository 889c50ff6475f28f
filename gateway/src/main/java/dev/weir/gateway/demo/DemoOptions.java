package dev.weir.gateway.demo;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.demo.files.CsvColumns;
import dev.weir.gateway.terminal.CommandFailure;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./weir demo} was asked to do.
 *
 * @param inputs CSV files; empty means generated traffic
 * @param columns how the files' columns map; whatever is not said is inferred
 * @param events distinct events to generate
 * @param seed of the generator; the same seed gives the same events
 * @param senders requests under way at the same time
 * @param batchEvents events in a request
 * @param exit whether to end after the report instead of serving on
 * @param data the data directory, or null for the default
 * @param port to listen on, or null for the default
 */
public record DemoOptions(
    List<Path> inputs,
    CsvColumns columns,
    long events,
    long seed,
    int senders,
    int batchEvents,
    BodyFormat format,
    boolean exit,
    @Nullable Path data,
    @Nullable Integer port) {

  static final long EVENTS_DEFAULT = 1_000_000;
  static final long EVENTS_MAX = 1_000_000_000;
  static final long SEED_DEFAULT = 2026;
  static final int SENDERS_DEFAULT = 4;
  static final int SENDERS_MAX = 64;
  static final int BATCH_EVENTS_DEFAULT = 1_000;
  static final int BATCH_EVENTS_MAX = 10_000;

  public DemoOptions {
    inputs = List.copyOf(inputs);
  }

  /**
   * Reads the arguments after {@code demo}.
   *
   * @throws CommandFailure naming the argument at fault and what to write instead
   */
  public static DemoOptions parse(List<String> args) {
    return new DemoArguments(args).parse();
  }

  /** The lines that {@code ./weir help} shows for the demo. */
  public static String help() {
    return """
        weir demo [options]            meter, rate and bill a month of traffic, and check every total
          --events N                   distinct events to generate (default 1000000)
          --seed N                     seed of the generator (default 2026)
          --input FILE.csv             meter a file instead; may be repeated
          --time-column COLUMN         the file's column with the time of the event
          --meter KEY=COLUMN           a meter that sums a column; may be repeated
          --group-by NAME=COLUMN       a dimension of the meters; may be repeated
          --subject-column COLUMN      one customer for each value (default: one for each file)
          --id-column COLUMN           the event's id (default: file name and row number)
          --time-zone ZONE             of times without an offset (default UTC)
          --senders N                  requests at the same time (default 4)
          --batch N                    events in a request (default 1000)
          --format ndjson|json         how a request holds its events (default ndjson)
          --data DIR                   data directory
          --port N                     port to serve on, 0 for a free one
          --exit                       end after the report instead of serving on
        """;
  }
}
