package dev.weir.gateway.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.terminal.CommandFailure;
import dev.weir.gateway.terminal.Terminal;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Has a server count a meter's past, and watches. {@link #run} blocks until the end; {@link #interrupt}
 * ends the watching, not the backfill.
 */
public final class BackfillCommand {

  /** The backfill is completed, or was told what to do. */
  public static final int DONE = 0;

  /** Something is in the way, or the backfill ended otherwise. */
  public static final int FAILED = 1;

  private static final Set<String> ENDS = Set.of("completed", "cancelled", "failed");
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long PLAIN_LINE_MILLIS = 3_000;

  private final BackfillArguments arguments;
  private final PrintStream out;
  private final InstantSource clock;
  private final boolean terminal;
  private final WeirClient client;
  private final String path;
  private long printedMillis;
  private int drawnChars;
  private volatile boolean watching;

  /**
   * @param out for everything but failures
   * @param clock only measures durations
   */
  public BackfillCommand(BackfillArguments arguments, PrintStream out, InstantSource clock) {
    this.arguments = arguments;
    this.out = out;
    this.clock = clock;
    this.terminal = Terminal.is(out);
    this.client = WeirClient.of(arguments.url()).withToken(arguments.key());
    this.path = "/api/v1/meters/" + WeirClient.encoded(arguments.meter()) + "/backfills";
  }

  /**
   * Gives the exit code.
   *
   * @throws CommandFailure with what the server says
   */
  public int run() {
    return switch (arguments.action()) {
      case HELP -> {
        out.print(HELP);
        yield DONE;
      }
      case START -> watched(start());
      case FOLLOW -> watched(newest());
      case PAUSE -> told("pause");
      case RESUME -> watched(tell("resume"));
      case CANCEL -> told("cancel");
    };
  }

  private JsonNode start() {
    String from = arguments.from();
    return client.post(path, from == null ? Map.of() : Map.of("from", from));
  }

  private JsonNode newest() {
    JsonNode newest = client.get(path).path(0);
    if (newest.isMissingNode()) {
      throw new CommandFailure(
          "The meter '%s' has had no backfill; start one with: weir backfill %s"
              .formatted(arguments.meter(), arguments.meter()));
    }
    return newest;
  }

  private JsonNode tell(String what) {
    return client.post(path + "/" + newest().path("id").asText() + "/" + what, Map.of());
  }

  private int told(String what) {
    out.println("backfill: " + tell(what).path("state").asText());
    return DONE;
  }

  private int watched(JsonNode begun) {
    String id = begun.path("id").asText();
    if (!arguments.watches()) {
      out.println("backfill: %s, %s".formatted(begun.path("state").asText(), id));
      out.println(hint());
      return DONE;
    }
    watching = true;
    JsonNode now = begun;
    while (!ENDS.contains(now.path("state").asText())) {
      show(now);
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      now = client.get(path + "/" + id);
    }
    watching = false;
    return conclude(now);
  }

  private void show(JsonNode backfill) {
    if (terminal) {
      String line = BackfillLine.of(backfill, true);
      // Blanks cover what a longer line left.
      out.print('\r' + line + " ".repeat(Math.max(0, drawnChars - line.length())));
      drawnChars = line.length();
      out.flush();
    } else if (clock.millis() - printedMillis >= PLAIN_LINE_MILLIS) {
      printedMillis = clock.millis();
      out.println(BackfillLine.of(backfill, false));
    }
  }

  private int conclude(JsonNode ended) {
    if (terminal) {
      show(ended);
      out.println();
    }
    String state = ended.path("state").asText();
    out.println(String.format(
        Locale.ROOT,
        "backfill: %s, %,d events counted, %,d skipped%s%s",
        state,
        ended.path("eventsCounted").asLong(),
        ended.path("eventsSkipped").asLong(),
        told(ended, "completeFrom", ", complete from "),
        told(ended.path("reason"), "message", ": ")));
    return state.equals("completed") ? DONE : FAILED;
  }

  private static String told(JsonNode object, String name, String before) {
    @Nullable String text = object.path(name).asText(null);
    return text == null ? "" : before + text;
  }

  private String hint() {
    return "It goes on at the server. Watch it: weir backfill %1$s --follow. End it: weir backfill %1$s --cancel."
        .formatted(arguments.meter());
  }

  /** Says how to find the backfill again, if one is being watched. Any thread. */
  public void interrupt() {
    if (watching) {
      out.println();
      out.println(hint());
      out.flush();
    }
  }

  private static final String HELP = """
      weir backfill METER [options]    count a meter's past from the journal of a running Weir

      A meter counts what comes after it was made. This counts what came before, while events keep
      coming; until that is done the meter shows what it showed, and then, at once, everything.
      To change what a meter counts, send the change with "backfill": true to /api/v1/meters/METER.

        --from TIME     begin with the hour in which this was received, such as
                        2026-03-01T00:00:00Z; needed when the journal no longer goes back to the
                        beginning
        --follow        watch the one that is under way
        --pause         make it wait
        --resume        make it go on
        --cancel        end it; the meter stays as it was
        --detach        do not watch
        --url URL       default http://127.0.0.1:PORT, with PORT from WEIR_HTTP_PORT or 8080
        --key KEY       API key with the scope 'write'; better in WEIR_API_KEY, where other users of
                        the machine do not see it

      Interrupting the command ends the watching, not the backfill. Exit code 0 when it is
      completed, 1 when it failed or was cancelled.
      """;
}
