package dev.weir.gateway.imports;

import dev.weir.gateway.client.EventSender;
import dev.weir.gateway.client.ProgressBar;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.imports.reading.Input;
import dev.weir.gateway.imports.resume.ImportCounts;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Imports files one after the other. {@link #run} blocks for as long as that takes; {@link #interrupt}
 * ends it early from another thread.
 */
public final class ImportCommand {

  /** All rows are taken. */
  public static final int DONE = 0;

  /** Something is in the way. */
  public static final int FAILED = 1;

  /** Some rows were rejected, or in conflict with others. */
  public static final int REFUSED = 2;

  /** As a shell says of a process that was interrupted. */
  public static final int INTERRUPTED = 130;

  private static final long ANSWER_SECONDS_MAX = 10;

  private final ImportOptions options;
  private final InputStream standardInput;
  private final PrintStream out;
  private final PrintStream err;
  private final InstantSource clock;
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable ImportRun running;
  private boolean interrupted;

  /**
   * @param out for everything but failures
   * @param clock only measures durations
   */
  public ImportCommand(
      ImportOptions options,
      InputStream standardInput,
      PrintStream out,
      PrintStream err,
      InstantSource clock) {
    this.options = options;
    this.standardInput = standardInput;
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  /** Gives the exit code; the last line printed tells the counts. */
  public int run() {
    try {
      return options.help() ? help() : imported();
    } finally {
      ended.countDown();
    }
  }

  private int help() {
    out.print(ImportHelp.text());
    return DONE;
  }

  private int imported() {
    long start = clock.millis();
    ImportCounts counts = ImportCounts.NONE;
    long rowsNow = 0;
    String failure = null;
    try {
      WeirClient client = options.dryRun() ? null : client();
      for (String file : options.files()) {
        ImportRun run = next(file, client);
        if (run == null) {
          break;
        }
        try {
          run.run();
        } finally {
          counts = counts.plus(run.counts());
          rowsNow += run.rowsNow();
        }
      }
    } catch (CommandFailure e) {
      failure = e.text();
    }
    return conclude(failure, counts, ProgressBar.perSecond(rowsNow, clock.millis() - start));
  }

  private int conclude(@Nullable String failure, ImportCounts counts, long perSecond) {
    if (failure != null) {
      err.println("weir: " + failure);
    }
    boolean stopped = isInterrupted();
    if (stopped) {
      out.println("Interrupted; the same command goes on where this one stopped.");
    }
    String outcome = failure != null ? "failed" : stopped ? "interrupted" : "done";
    if (options.dryRun()) {
      out.println("import: dry run %s, %d rows, %d can be sent, %d cannot"
          .formatted(outcome, counts.rows(), counts.verdicts().accepted(), counts.refused()));
    } else {
      out.println("import: %s, %s, %d events/s".formatted(outcome, counts, perSecond));
    }
    if (failure != null) {
      return FAILED;
    }
    return stopped ? INTERRUPTED : counts.hasRefused() ? REFUSED : DONE;
  }

  /** A client that may send events to a server that is there. */
  private WeirClient client() {
    WeirClient client = WeirClient.of(options.url()).withToken(options.key());
    EventSender.requireAccess(client);
    return client;
  }

  private synchronized @Nullable ImportRun next(String file, @Nullable WeirClient client) {
    if (interrupted) {
      return null;
    }
    running = new ImportRun(options, input(file), client, out, clock);
    return running;
  }

  private Input input(String file) {
    if (file.equals(ImportOptions.STANDARD_INPUT)) {
      return Input.standard(standardInput);
    }
    try {
      return Input.file(Path.of(file));
    } catch (InvalidPathException e) {
      throw new CommandFailure("'%s' is no path.".formatted(file));
    }
  }

  /**
   * Ends the run when the requests under way are answered, or after some seconds. Any thread; returns
   * when everything is printed and saved.
   */
  public void interrupt() {
    synchronized (this) {
      interrupted = true;
      if (running != null) {
        running.stop();
      }
    }
    try {
      if (!ended.await(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
        err.println("weir: the server does not answer; what is not acknowledged is sent again.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isInterrupted() {
    return interrupted;
  }
}
