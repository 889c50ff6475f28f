package dev.weir.metering.dedup;

import dev.weir.metering.dedup.IdentityIndex.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Lanes with their identities on a journal that is a list in memory: can be started and ended at will, with
 * any number of lanes, and loses nothing but what a test takes away from the directory.
 */
final class Installation {

  /** An event, by the number that its identity is made of. */
  record Event(long number, long payload) {}

  private record Recorded(Event event, long seconds, boolean first) {}

  private record JournalFrame(long firstSequence, List<Recorded> records) {
    long lastSequence() {
      return firstSequence + records.size() - 1;
    }
  }

  /** Waits for nothing: no test here cuts the power. */
  private static final SegmentDisk QUICK = new SegmentDisk() {
    @Override
    public void force(FileChannel channel) {}

    @Override
    public void forceDirectory(Path directory) {}
  };

  private final Path directory;
  private IdentityRules rules;
  private final TreeMap<Integer, List<JournalFrame>> journal = new TreeMap<>();
  private SegmentDisk disk = QUICK;
  private long key = 1;
  private int lanes;
  private Identities identities;
  private long recordsRead;

  Installation(Path directory, IdentityRules rules) {
    this.directory = directory;
    this.rules = rules;
  }

  Installation on(SegmentDisk other) {
    disk = other;
    return this;
  }

  Installation with(IdentityRules other) {
    rules = other;
    return this;
  }

  /** From the next start on, identities are hashed with another key. */
  void changeKey() {
    key++;
  }

  static int laneOf(long high, int lanes) {
    return (int) ((high & 0xffff_ffffL) % lanes);
  }

  long high(long number) {
    return mix(number * 2 + key * 0x9e3779b97f4a7c15L);
  }

  long low(long number) {
    return mix(number * 2 + 1 + key * 0x9e3779b97f4a7c15L);
  }

  private static long mix(long n) {
    long z = n + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Loads the segments and reads the rest in the journal; seals only when told. */
  void start(int laneCount, long now) throws IOException {
    lanes = laneCount;
    recordsRead = 0;
    for (int i = 0; i < laneCount; i++) {
      journal.computeIfAbsent(i, lane -> new ArrayList<>());
    }
    TreeMap<Integer, Path> directories = new TreeMap<>();
    journal.keySet().forEach(lane -> directories.put(lane, directory(lane)));
    identities = Identities.open(
        new Identities.Setup(
            laneCount, rules, high -> laneOf(high, laneCount), new IdentityKey(key, key), disk),
        directories,
        now);
    for (int lane : journal.keySet()) {
      recover(lane, now);
    }
  }

  Path directory(int lane) {
    return directory.resolve("lane-" + lane).resolve("identities");
  }

  private void recover(int lane, long now) throws IOException {
    LaneVolumes volumes = identities.volumes(lane);
    for (Stretch end = volumes.end(); end != null && !hasEnd(lane, end); end = volumes.end()) {
      volumes.distrustEnd();
    }
    for (LaneVolumes.Gap gap : volumes.gaps()) {
      VolumeRecorder recorder = volumes.recorder(gap, now);
      for (JournalFrame frame : journal.get(lane)) {
        if (frame.firstSequence() >= gap.first() && frame.firstSequence() <= gap.last()) {
          read(frame, recorder);
        }
      }
      recorder.end();
    }
    volumes.recovered();
  }

  private boolean hasEnd(int lane, Stretch end) {
    List<JournalFrame> frames = journal.get(lane);
    boolean forgotten = frames.isEmpty() || frames.get(0).firstSequence() > end.last();
    return forgotten || frames.stream().anyMatch(f -> f.lastSequence() == end.last());
  }

  private void read(JournalFrame frame, VolumeRecorder recorder) {
    recorder.beginFrame(frame.firstSequence());
    for (Recorded record : frame.records()) {
      recordsRead++;
      if (record.first()) {
        long number = record.event().number();
        recorder.put(high(number), low(number), record.event().payload(), record.seconds());
      }
    }
    recorder.endFrame(frame.lastSequence(), frame.firstSequence());
  }

  /** Records of the journal that the last start had to read. */
  long recordsRead() {
    return recordsRead;
  }

  Identities identities() {
    return identities;
  }

  /** Seals in the background from now on. */
  void sealInBackground() {
    identities.start();
  }

  /** Does all the sealing and deleting that waits. */
  void settle() throws IOException {
    while (identities.sealer().step()) {
      // All of it.
    }
  }

  /** Does one piece of it. */
  void settleOne() throws IOException {
    identities.sealer().step();
  }

  /** Takes a request as lanes do, one frame for each lane that has something to keep. */
  List<Answer> take(List<Event> events, long now) {
    Answer[] answers = new Answer[events.size()];
    for (int lane = 0; lane < lanes; lane++) {
      IdentityIndex index = identities.index(lane);
      List<Recorded> kept = new ArrayList<>();
      index.beginFrame(now);
      index.beginRequest(answers.length, now);
      for (int i = 0; i < answers.length; i++) {
        Event event = events.get(i);
        if (laneOf(high(event.number()), lanes) == lane) {
          answers[i] = check(index, event, now);
          if (answers[i] == Answer.NEW || answers[i] == Answer.CONFLICT) {
            kept.add(new Recorded(event, now, answers[i] == Answer.NEW));
          }
        }
      }
      append(lane, index, kept);
    }
    return List.of(answers);
  }

  private void append(int lane, IdentityIndex index, List<Recorded> kept) {
    if (!kept.isEmpty()) {
      List<JournalFrame> frames = journal.get(lane);
      JournalFrame frame = new JournalFrame(lastSequence(lane) + 1, List.copyOf(kept));
      frames.add(frame);
      index.frameWritten(frame.lastSequence(), frame.firstSequence());
    }
  }

  private Answer check(IdentityIndex index, Event event, long now) {
    return index.check(high(event.number()), low(event.number()), event.payload(), now);
  }

  Answer take(long number, long payload, long now) {
    return take(List.of(new Event(number, payload)), now).get(0);
  }

  long lastSequence(int lane) {
    List<JournalFrame> frames = journal.get(lane);
    return frames.isEmpty()
        ? forgottenTo.getOrDefault(lane, 0L)
        : frames.get(frames.size() - 1).lastSequence();
  }

  private final TreeMap<Integer, Long> forgottenTo = new TreeMap<>();

  /** The journal no longer holds what lies before and at a sequence. */
  void forgetJournal(int lane, long sequence) {
    forgottenTo.put(lane, Math.min(sequence, lastSequence(lane)));
    journal.get(lane).removeIf(frame -> frame.firstSequence() <= sequence);
  }

  /** The journal is what it was some frames ago. */
  void cutJournal(int lane, int frames) {
    List<JournalFrame> all = journal.get(lane);
    all.subList(Math.max(0, all.size() - frames), all.size()).clear();
  }

  void stop() {
    try {
      identities.close();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All files of segments, by name. */
  List<Path> segments() {
    List<Path> found = new ArrayList<>();
    for (int lane : journal.keySet()) {
      if (Files.exists(directory(lane))) {
        try (Stream<Path> files = Files.list(directory(lane))) {
          files.filter(file -> file.toString().endsWith(".ids")).sorted().forEach(found::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return found;
  }
}
