package dev.weir.metering.simulation;

import dev.weir.metering.aggregate.SimulatedAggregator;
import dev.weir.metering.aggregate.SimulatedStore;
import dev.weir.metering.correction.CorrectionAnswer;
import dev.weir.metering.correction.SimulatedCorrections;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.dedup.IdentityRules;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.PayloadBlindness;
import dev.weir.metering.ingest.IngestAnswer;
import dev.weir.metering.ingest.IngestOptions;
import dev.weir.metering.ingest.SimulatedIngest;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameSource;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalReader;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.journal.SimulatedLane;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BiConsumer;

/** One life of the server's process: from opening the journal to its end. */
final class SimulatedNode {

  static final IdentityKey KEY = new IdentityKey(0x5eed, 0x5eed5eed);

  private static final EventDecoder DECODER = new EventDecoder(EventLimits.DEFAULT);

  /** What outlives a process. */
  record World(
      SimulatedDisk disk,
      SimulatedStore store,
      SimulatedClock clock,
      Journaled.Registry registry,
      JournalOracle oracle,
      SplittableRandom random,
      IdentityRules rules,
      PlantedBug bug) {

    Path journal() {
      return disk.root().resolve("journal");
    }
  }

  private final World world;
  private final List<SimulatedLane> lanes = new ArrayList<>();
  private final Map<Integer, FrameSource> watched = new HashMap<>();
  private final SimulatedIngest ingest;
  private final SimulatedCorrections corrections;

  /** Corrections that wait for the one that is under way. */
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  private boolean correcting;

  /** Null until it has started. */
  private SimulatedAggregator aggregator;

  /** Answers that lanes have given and that are not yet sent. */
  private final List<Runnable> answers = new ArrayList<>();

  /**
   * Starts a process: repairs and reads the journal, goes on with what the store has.
   *
   * @throws IOException when the disk fails: the process ends at once
   */
  SimulatedNode(World world, IngestOptions options) throws IOException {
    this.world = world;
    SimulatedLane.createJournal(world.journal());
    for (int i = 0;
        i < options.lanes() || Files.exists(world.journal().resolve("lane-" + i));
        i++) {
      lanes.add(new SimulatedLane(world.journal(), i));
    }
    for (SimulatedLane lane : lanes) {
      int before = world.oracle().known(lane.number());
      watched.put(lane.number(), lane.reader());
      long end = watch(lane.number(), Long.MAX_VALUE);
      Violation.check(
          end >= before, "lane {} ends at {}, but was at {}", lane.number(), end, before);
    }
    boolean forgets = world.bug() == PlantedBug.IDENTITIES_FORGOTTEN;
    ingest = new SimulatedIngest(
        new SimulatedIngest.Setup(
            lanes,
            forgets ? new IdentityKey(world.random().nextLong(), 0) : KEY,
            world.rules(),
            world.clock().millis() / 1_000),
        options,
        lane -> lanes
            .get(lane)
            .writer(this::flush, world.clock(), () -> !world.disk().isFull()));
    aggregator = startAggregator();
    corrections = new SimulatedCorrections(
        DECODER, KEY::forTenant, aggregator::rules, this::history, world.clock());
  }

  private SimulatedAggregator startAggregator() {
    try {
      return new SimulatedAggregator(world.store(), lanes, this::readable, ingest::flushed);
    } catch (RuntimeException | Error e) {
      ingest.close();
      throw e;
    }
  }

  private void flush(FileChannel channel) throws IOException {
    if (world.bug() == PlantedBug.NEVER_FLUSHED) {
      return;
    }
    try {
      Flusher.FORCE.flush(channel);
    } catch (IOException e) {
      if (world.bug() != PlantedBug.FLUSH_TRIED_AGAIN) {
        throw e;
      }
      Flusher.FORCE.flush(channel);
    }
  }

  /** Not always everything that is flushed: each lane is read at its own time and to its own bound. */
  private long readable(int lane) {
    if (world.bug() == PlantedBug.FOLDED_BEFORE_FLUSHED) {
      return Long.MAX_VALUE;
    }
    long flushed = ingest.flushed(lane);
    boolean lags = aggregator != null && world.random().nextInt(4) == 0;
    return lags ? Math.max(0, flushed - world.random().nextInt(12)) : flushed;
  }

  /** Tells the oracle what has come to stable storage; gives the last sequence that was read now. */
  private long watch(int lane, long end) {
    FrameSource frames = watched.get(lane);
    long last = 0;
    for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
      if (frame.lastSequence() > end) {
        frames.pushBack();
        break;
      }
      long location = frames.location();
      Violation.check(
          world
              .disk()
              .isDurable(
                  lanes.get(lane).file(location),
                  SimulatedLane.offset(location),
                  lanes.get(lane).end(location)),
          "lane {}: up to sequence {} is flushed, but would not survive",
          lane,
          frame.lastSequence());
      frame.forEach(view -> world.oracle().durable(world.registry().read(lane, view)));
      last = frame.lastSequence();
    }
    return last;
  }

  /** Takes a request; the answer comes now or after turns of lanes, unless the process ends. */
  void take(SimulatedRequest request, BiConsumer<IngestAnswer, Throwable> answer) {
    EventBatch batch = DECODER.decodeJson(
        request.body(),
        new EventDecoder.Sender(
            request.tenant(),
            KEY.forTenant(request.tenant()),
            aggregator.rules(request.tenant()),
            EventTime.nanos(world.clock().instant())));
    if (world.bug() == PlantedBug.PAYLOADS_NOT_COMPARED) {
      batch = PayloadBlindness.of(batch);
    }
    ingest.submit(
        batch,
        (done, failure) -> answers.add(() -> {
          if (done != null) {
            world.oracle().answered(request, done);
          }
          answer.accept(done, failure);
        }));
    sendAnswers();
  }

  /** Takes a correction, one after the other. */
  void correct(SimulatedRequest request, BiConsumer<CorrectionAnswer.Outcome, Throwable> answer) {
    waiting.add(() -> correctNow(request, answer));
    nextCorrection();
  }

  private void nextCorrection() {
    boolean waits = world.bug() != PlantedBug.CORRECTIONS_AT_ONCE;
    while (!(correcting && waits) && !waiting.isEmpty()) {
      correcting = true;
      waiting.remove().run();
    }
  }

  private void correctNow(
      SimulatedRequest request, BiConsumer<CorrectionAnswer.Outcome, Throwable> answer) {
    SimulatedCorrections.Planned planned = corrections.plan(request.tenant(), request.correction());
    if (planned.batch().count() == 0) {
      corrected(request, planned, ingest.flushed());
      answer.accept(planned.outcome(), null);
      correcting = false;
      return;
    }
    ingest.submit(
        planned.batch(),
        (done, failure) -> answers.add(() -> {
          if (done != null) {
            corrected(request, planned, done.position());
          }
          answer.accept(done == null ? null : planned.outcome(), failure);
          correcting = false;
          nextCorrection();
        }));
    sendAnswers();
  }

  private void corrected(
      SimulatedRequest request, SimulatedCorrections.Planned planned, JournalPosition position) {
    world.oracle().corrections().answered(request, planned.outcome(), position);
  }

  /** All records with an id on stable storage. */
  private List<JournaledEvent> history(UUID tenant, String source, String id) {
    List<JournaledEvent> found = new ArrayList<>();
    for (SimulatedLane lane : lanes) {
      long end = ingest.flushed(lane.number());
      try (JournalReader reader = lane.reader()) {
        Frame frame = reader.next();
        while (frame != null && frame.lastSequence() <= end) {
          frame.forEach(view -> {
            if (view.tenantId().equals(tenant)
                && view.id().equals(id)
                && view.source().equals(source)
                && !(view.isVoid() && world.bug() == PlantedBug.VOIDS_NOT_SEEN)) {
              found.add(view.copy(lane.number()));
            }
          });
          frame = reader.next();
        }
      }
    }
    return found;
  }

  /** Sends what is answered, unless the process has ended before. */
  private void sendAnswers() {
    if (world.disk().crashed()) {
      answers.clear();
    }
    List<Runnable> now = List.copyOf(answers);
    answers.clear();
    now.forEach(Runnable::run);
  }

  private void watchAll() {
    for (SimulatedLane lane : lanes) {
      long end = ingest.flushed(lane.number());
      watch(lane.number(), end);
      Violation.check(
          world.oracle().known(lane.number()) == end,
          "lane {}: flushed is said to be {}, but the journal ends at {}",
          lane.number(),
          end,
          world.oracle().known(lane.number()));
    }
  }

  /** Lets a lane process what has gathered. */
  void turn(int lane) {
    if (ingest.turn(lane)) {
      watchAll();
    }
    sendAnswers();
  }

  /** Lets the sealing thread do one piece of work. */
  boolean seal() {
    try {
      return ingest.seal();
    } catch (IOException e) {
      return false;
    }
  }

  int writtenLanes() {
    return ingest.lanes();
  }

  SimulatedIngest ingest() {
    return ingest;
  }

  SimulatedAggregator aggregator() {
    return aggregator;
  }

  List<SimulatedLane> lanes() {
    return lanes;
  }

  void addMeter(Meter meter) {
    aggregator.addMeter(meter);
  }

  /** Whether the process still does all of its work; if not, it must be restarted. */
  boolean isHealthy() {
    return !ingest.isStopped() && aggregator.failure() == null;
  }

  /** The end of the process, as far as memory is concerned. */
  void end() {
    ingest.close();
  }
}
