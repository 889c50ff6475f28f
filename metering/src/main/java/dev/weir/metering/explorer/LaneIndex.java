package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Gathered;
import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunFiles;
import dev.weir.metering.explorer.run.Section;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.LaneFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All runs of one lane and what is gathered of its tail. Changed by the threads that write runs, one
 * change at a time; each change publishes a {@link LaneView}. Thread-safe.
 */
final class LaneIndex {

  private final int lane;
  private final LaneFiles files;
  private final RunFiles runFiles;

  private final SortedMap<Integer, List<Run>> runs = new TreeMap<>();
  private TreeSet<Integer> cycles = new TreeSet<>();

  /** Cycles up to this one belong to runs, from its offset on to the tail. */
  private Gap tail = new Gap(-1, 0, Gap.CYCLE_END);

  private @Nullable Gathered gathered;
  private long tailSequence;
  private List<Run> written = List.of();
  private List<Gap> gaps = List.of();
  private volatile LaneView view;
  private final AtomicLong changes = new AtomicLong();

  LaneIndex(JournalLane lane) {
    this.lane = lane.number();
    this.files = lane.files();
    this.runFiles = new RunFiles(files.directory(), lane.number());
    this.view = LaneView.empty(this.lane);
  }

  int lane() {
    return lane;
  }

  LaneFiles files() {
    return files;
  }

  RunFiles runFiles() {
    return runFiles;
  }

  LaneView view() {
    return view;
  }

  /** Takes the runs that are on disk. */
  synchronized void load() {
    runs.clear();
    runs.putAll(runFiles.load());
    cycles = new TreeSet<>(files.readableCycles());
    dropRunsWithoutCycle();
  }

  /** The last run of a cycle; null when it has none. */
  synchronized @Nullable Run lastRun(int cycle) {
    List<Run> ofCycle = runs.get(cycle);
    return ofCycle == null || ofCycle.isEmpty() ? null : ofCycle.get(ofCycle.size() - 1);
  }

  /** Forgets and deletes all runs of a cycle. */
  synchronized void dropCycle(int cycle) {
    List<Run> ofCycle = runs.remove(cycle);
    if (ofCycle != null) {
      ofCycle.forEach(run -> runFiles.delete(run.path()));
    }
    publishRuns();
  }

  /**
   * From now on the tail gathers from here; what lies before belongs to runs.
   *
   * @param lastSequence before the tail
   */
  synchronized void startTail(int cycle, long fromOffset, long lastSequence) {
    tail = new Gap(cycle, fromOffset, Gap.CYCLE_END);
    gathered = null;
    tailSequence = lastSequence;
    cycles.add(cycle);
    publishRuns();
  }

  /** Where the tail begins in its cycle's file. */
  synchronized long tailOffset() {
    return tail.fromOffset();
  }

  /** There are more entries at the tail. */
  synchronized void gathered(Gathered entries) {
    gathered = entries;
    tailSequence = entries.stretch().lastSequence();
    publish();
  }

  /** What was gathered is in a run, and the tail goes on behind it. */
  synchronized void sealed(Run run, int nextCycle, long nextOffset) {
    insert(run);
    tail = new Gap(nextCycle, nextOffset, Gap.CYCLE_END);
    gathered = null;
    cycles.add(nextCycle);
    publishRuns();
  }

  /** A gap, or a part of it, is filled. */
  synchronized void filled(Run run) {
    insert(run);
    publishRuns();
  }

  private void insert(Run run) {
    List<Run> ofCycle = new ArrayList<>(runs.getOrDefault(run.stretch().cycle(), List.of()));
    ofCycle.add(run);
    ofCycle.sort(order());
    runs.put(run.stretch().cycle(), ofCycle);
  }

  private static Comparator<Run> order() {
    return Comparator.<Run>comparingLong(run -> run.stretch().fromOffset())
        .thenComparingLong(run -> run.stretch().toOffset());
  }

  /** Some runs are merged into one; gives whether all of them were still in use. */
  boolean merged(List<Run> from, Run into) {
    boolean inUse = replaced(from, into);
    // Without the lock: large files take milliseconds, for which the tail would wait.
    (inUse ? from : List.of(into)).forEach(run -> runFiles.delete(run.path()));
    return inUse;
  }

  private synchronized boolean replaced(List<Run> from, Run into) {
    int cycle = into.stretch().cycle();
    List<Run> ofCycle = new ArrayList<>(runs.getOrDefault(cycle, List.of()));
    if (!ofCycle.containsAll(from)) {
      return false;
    }
    ofCycle.removeAll(from);
    runs.put(cycle, ofCycle);
    insert(into);
    publishRuns();
    return true;
  }

  /** Drops a run that did not read back, so that it becomes a gap; gives whether it was in use. */
  synchronized boolean drop(Path path) {
    for (List<Run> ofCycle : runs.values()) {
      for (Run run : ofCycle) {
        if (run.path().equals(path)) {
          List<Run> rest = new ArrayList<>(ofCycle);
          rest.remove(run);
          runs.put(run.stretch().cycle(), rest);
          publishRuns();
          runFiles.delete(path);
          return true;
        }
      }
    }
    return false;
  }

  /** Looks which cycles there are, and drops the runs of those that are gone. */
  synchronized void refresh() {
    cycles = new TreeSet<>(files.readableCycles());
    dropRunsWithoutCycle();
    publishRuns();
  }

  private void dropRunsWithoutCycle() {
    for (int cycle : Set.copyOf(runs.keySet())) {
      if (!cycles.contains(cycle)) {
        List<Run> gone = runs.remove(cycle);
        if (gone != null) {
          gone.forEach(run -> runFiles.delete(run.path()));
        }
      }
    }
  }

  /** Grows whenever runs or gaps change. */
  long changes() {
    return changes.get();
  }

  /** The runs of each cycle in the order of the journal. */
  synchronized List<List<Run>> runsByCycle() {
    return runs.values().stream().map(List::copyOf).toList();
  }

  synchronized List<Gap> gaps() {
    return gaps;
  }

  private void publishRuns() {
    List<Run> withRecords = new ArrayList<>();
    List<Gap> missing = new ArrayList<>();
    runs.values()
        .forEach(ofCycle ->
            ofCycle.stream().filter(run -> run.stretch().records() > 0).forEach(withRecords::add));
    for (int cycle : cycles.headSet(tail.cycle() + 1)) {
      long end = cycle == tail.cycle() ? tail.fromOffset() : Gap.CYCLE_END;
      LaneView.addGaps(
          missing,
          cycle,
          runs.getOrDefault(cycle, List.of()).stream().map(Run::stretch).toList(),
          end);
    }
    written = List.copyOf(withRecords);
    gaps = List.copyOf(missing);
    publish();
    changes.incrementAndGet();
  }

  private void publish() {
    Gathered entries = gathered;
    boolean none = entries == null || entries.stretch().records() == 0;
    long last =
        written.isEmpty() ? 0 : written.get(written.size() - 1).stretch().lastSequence();
    view = new LaneView(lane, written, none ? null : entries, gaps, Math.max(last, tailSequence));
    notifyAll();
  }

  /** Waits until the view is another or the time has come. */
  @SuppressWarnings("ReferenceEquality") // each change makes a new one
  synchronized void awaitChange(LaneView known, long untilNanos) throws InterruptedException {
    while (view == known) {
      long left = untilNanos - System.nanoTime();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Records that have entries, and bytes of runs. */
  record Size(long records, int runs, long bytes) {

    Size plus(Size other) {
      return new Size(records + other.records, runs + other.runs, bytes + other.bytes);
    }
  }

  synchronized Size size() {
    long records = gathered == null ? 0 : gathered.entries(Section.TIME);
    int count = 0;
    long bytes = 0;
    for (List<Run> ofCycle : runs.values()) {
      for (Run run : ofCycle) {
        records += run.stretch().records();
        bytes += run.fileBytes();
        count++;
      }
    }
    return new Size(records, count, bytes);
  }
}
