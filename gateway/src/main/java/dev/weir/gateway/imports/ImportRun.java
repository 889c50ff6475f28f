package dev.weir.gateway.imports;

import dev.weir.gateway.client.EventSender;
import dev.weir.gateway.client.ProgressBar;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.imports.reading.Fingerprint;
import dev.weir.gateway.imports.reading.ImportPlan;
import dev.weir.gateway.imports.reading.Input;
import dev.weir.gateway.imports.reading.Planner;
import dev.weir.gateway.imports.reading.Rows;
import dev.weir.gateway.imports.resume.ImportCounts;
import dev.weir.gateway.imports.resume.ImportFiles;
import dev.weir.gateway.imports.resume.ImportState;
import dev.weir.gateway.imports.resume.ImportState.Job;
import dev.weir.gateway.imports.resume.Resumption;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.terminal.CommandFailure;
import dev.weir.gateway.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The import of one file. Used once; blocks, but for {@link #stop}. */
final class ImportRun {

  private static final String CONTENT_TYPE = "application/x-ndjson";

  /** A server that is being restarted or moved comes back within some minutes. */
  private static final int BREAKS_MAX = 60;

  /** Batches that may be ahead of the oldest unanswered one, for each connection. */
  private static final int AHEAD_MAX = 4;

  private final ImportOptions options;
  private final Input input;
  private final @Nullable WeirClient client;
  private final PrintStream out;
  private final InstantSource clock;

  private ImportCounts counts = ImportCounts.NONE;
  private long rowsBefore;
  private boolean stopped;
  private @Nullable EventSender<ImportBatch> sender;

  /** @param client null if nothing is to be sent */
  ImportRun(
      ImportOptions options,
      Input input,
      @Nullable WeirClient client,
      PrintStream out,
      InstantSource clock) {
    this.options = options;
    this.input = input;
    this.client = client;
    this.out = out;
    this.clock = clock;
  }

  /** Imports the file from where it stopped to its end, or until {@link #stop}. */
  void run() {
    try {
      Input.Content content = input.open();
      byte[] head = content.head();
      ImportPlan plan = Planner.plan(input.name(), options.read(), options.mapping(), head);
      out.println(input.name());
      plan.lines().forEach(line -> out.println("  " + line));
      Path path = input.path();
      if (client == null) {
        dryRun(plan, content.after(head));
      } else if (path == null) {
        standardInput(plan, content, head, client);
      } else {
        content.stream().close();
        file(plan, path, client);
      }
    } catch (IOException e) {
      throw new CommandFailure("Reading %s failed: %s".formatted(input.name(), e));
    }
  }

  private void dryRun(ImportPlan plan, InputStream content) throws IOException {
    String idPrefix = options.idPrefix() != null
        ? options.idPrefix()
        : input.path() == null ? "ID-PREFIX" : Fingerprint.of(input).idPrefix();
    tellIds(plan, idPrefix);
    try (Rows rows = plan.rows(new ByteSource(content, 0, 1), idPrefix)) {
      setCounts(new DryRun(out).run(rows));
    }
  }

  private void tellIds(ImportPlan plan, String idPrefix) {
    if (plan.makesIds()) {
      out.println(("  ids are made: %s-1, -2, … by the number of the row, so that rows sent again"
              + " are recognised and nothing is billed twice")
          .formatted(idPrefix));
    }
  }

  private void standardInput(ImportPlan plan, Input.Content content, byte[] head, WeirClient to)
      throws IOException {
    String idPrefix = options.idPrefix();
    if (plan.makesIds() && idPrefix == null) {
      throw new CommandFailure(
          "Rows of standard input need ids: name their place with --map id=PLACE, or give"
              + " --id-prefix TEXT to make ids of it and the row's number.");
    }
    out.println("  standard input cannot be resumed; ids make it safe to send it again");
    String prefix = idPrefix == null ? "" : idPrefix;
    tellIds(plan, prefix);
    Path directory = options.stateDirectory() == null ? Path.of("") : options.stateDirectory();
    Job job = new Job(new Fingerprint("", 0), plan.hash(), prefix, server(), "");
    try (ImportFiles files = ImportFiles.in(directory, "stdin", false)) {
      files.keepRejected(0);
      Input.Content whole = new Input.Content(content.after(head), content.stored());
      send(plan, files, whole, ImportState.start(job), to);
    }
  }

  private void file(ImportPlan plan, Path path, WeirClient to) throws IOException {
    String name = input.name();
    Path parent = path.getParent();
    Path directory = options.stateDirectory() == null && parent != null
        ? parent
        : options.stateDirectory() == null ? Path.of("") : options.stateDirectory();
    Fingerprint content = Fingerprint.of(input);
    try (ImportFiles files = ImportFiles.in(directory, name, true)) {
      ImportState saved = files.load(options.again());
      String idPrefix = Resumption.idPrefix(saved, content, options.again(), options.idPrefix());
      tellIds(plan, idPrefix);
      Job job = new Job(content, plan.hash(), idPrefix, server(), keyHash());
      ImportState state = Resumption.begin(name, saved, job, options.again());
      setCounts(state.counts());
      rowsBefore = state.done().rows();
      if (state.complete()) {
        out.println("  was imported completely before; --restart sends it again, and harmlessly");
        return;
      }
      if (rowsBefore > 0) {
        out.println(
            "  goes on after row %d; rows that were sent but not acknowledged count as duplicates"
                .formatted(rowsBefore));
      }
      files.keepRejected(state.rejectedBytes());
      files.save(state);
      send(plan, files, input.openAt(state.done().offset()), state, to);
    }
  }

  private String server() {
    return options.url().toString();
  }

  /** Keys are long and random: half a hash tells them apart and tells nothing of them. */
  private String keyHash() {
    return Fingerprint.ofText("weir import " + options.key()).substring(0, 32);
  }

  private void send(
      ImportPlan plan, ImportFiles files, Input.Content content, ImportState from, WeirClient to)
      throws IOException {
    ProgressBar bar = new ProgressBar(
        out,
        clock,
        Terminal.is(out),
        input.storedBytes(),
        new ProgressBar.State(content.stored().count(), from.verdicts()));
    Acknowledgements acknowledgements =
        new Acknowledgements(files, from, clock, options.sending().refusedMax(), newCounts -> {
          setCounts(newCounts);
          bar.show(new ProgressBar.State(content.stored().count(), newCounts.verdicts()));
        });
    ByteSource source =
        new ByteSource(content.stream(), from.done().offset(), from.done().line());
    boolean complete = false;
    try (Rows rows = plan.rows(source, from.job().idPrefix())) {
      sendAll(rows, from, acknowledgements, to);
      if (!isStopped()) {
        requireUnchanged(source.offset(), from.job().content());
        complete = true;
      }
    } finally {
      acknowledgements.close(complete);
      bar.finish(new ProgressBar.State(content.stored().count(), counts().verdicts()));
      tellAfterwards(acknowledgements, files);
    }
  }

  private void sendAll(
      Rows rows, ImportState from, Acknowledgements acknowledgements, WeirClient to) {
    ImportOptions.Sending sending = options.sending();
    EventSender.Options how = new EventSender.Options(
        CONTENT_TYPE,
        sending.connections(),
        AHEAD_MAX * sending.connections(),
        sending.gzip(),
        BREAKS_MAX);
    EventSender<ImportBatch> events = new EventSender<>(
        to,
        how,
        new ImportSource(input.name(), rows, from.done().rows(), sending.batchRows()),
        () -> new ImportBatch(options.read().charset()),
        acknowledgements);
    synchronized (this) {
      sender = events;
      if (stopped) {
        return;
      }
    }
    events.run();
  }

  private void requireUnchanged(long offset, Fingerprint content) {
    if (input.path() != null && offset != content.bytes()) {
      throw new CommandFailure(
          "%s changed while it was read; import it again with --restart when it is finished."
              .formatted(input.name()));
    }
  }

  private void tellAfterwards(Acknowledgements acknowledgements, ImportFiles files) {
    if (acknowledgements.unclearRows() > 0) {
      out.println(
          "%d rows were sent again because no answer came; those taken before are duplicates"
              .formatted(acknowledgements.unclearRows()));
    }
    if (counts().hasRefused()) {
      out.println(
          "%d rows were not taken: see %s".formatted(counts().refused(), files.rejectedPath()));
    }
  }

  private synchronized void setCounts(ImportCounts newCounts) {
    counts = newCounts;
  }

  /** What is acknowledged so far, earlier runs included. Any thread. */
  synchronized ImportCounts counts() {
    return counts;
  }

  /** Rows that this run was told of. */
  synchronized long rowsNow() {
    return counts.rows() - rowsBefore;
  }

  /** Ends when the requests under way are answered. Any thread. */
  synchronized void stop() {
    stopped = true;
    if (sender != null) {
      sender.stop();
    }
  }

  synchronized boolean isStopped() {
    return stopped;
  }
}
