package dev.weir.metering.explorer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put into runs is what every way of reading them gives, merged or not, or it is an error. */
class RunPropertyTest {

  private static final int CYCLE = 492_420;

  @TempDir
  Path directory;

  private long seed;
  private Random random = new Random();

  /** What a run should hold, as the simplest list that can be searched. */
  private record Entry(Key key, int tag) {}

  private static final class Model {
    private final Map<Section, List<Entry>> sections = new EnumMap<>(Section.class);

    Model() {
      for (Section section : Section.values()) {
        sections.put(section, new ArrayList<>());
      }
    }

    void add(Section section, long a, long b, long c, int tag) {
      sections.get(section).add(new Entry(new Key(a, b, c), tag));
    }

    List<Entry> between(Section section, Key low, Key high) {
      return sections.get(section).stream()
          .filter(e -> e.key().compareTo(low) >= 0 && e.key().compareTo(high) <= 0)
          .sorted(Comparator.comparing(Entry::key))
          .toList();
    }
  }

  private void seed(long value) {
    seed = value;
    random = new Random(value);
  }

  /** Some frames of some records, in few or many tenants and subjects, with times near or far. */
  private Gathering gather(Model model, long firstSequence, long fromOffset, int records) {
    Gathering gathering = new Gathering(3, CYCLE, firstSequence, fromOffset);
    int tenants = 1 + random.nextInt(3);
    int subjects = 1 + random.nextInt(records + 1);
    boolean equalTimes = random.nextInt(4) == 0;
    long offset = fromOffset;
    for (int i = 0; i < records; ) {
      int inFrame = Math.min(records - i, 1 + random.nextInt(40));
      gathering.addGroup(offset + 28, offset);
      model.add(Section.GROUP, firstSequence + i, offset + 28, offset, 0);
      for (int end = i + inFrame; i < end; i++) {
        long subject = keys(random.nextInt(tenants)).subject("s" + random.nextInt(subjects));
        long time = equalTimes ? 5 : 1_772_712_000_000_000_000L + random.nextInt() * 1_000L;
        add(gathering, model, firstSequence + i, subject, time);
      }
      offset += 4L * (1 + random.nextInt(100_000));
      gathering.endFrame(offset);
    }
    return gathering;
  }

  private void add(Gathering gathering, Model model, long sequence, long subject, long time) {
    long identity = random.nextLong();
    int flags = switch (random.nextInt(20)) {
      case 0 -> EventBatch.FLAG_CONFLICT;
      case 1 -> EventBatch.FLAG_VOID;
      case 2 -> EventBatch.FLAG_REPLACEMENT;
      default -> EventBatch.FLAG_TIME_GIVEN;
    };
    int tag = EntryTags.of(random.nextInt(), flags);
    Gathering.Location location = new Gathering.Location(
        random.nextInt(), random.nextInt(), random.nextInt(Integer.MAX_VALUE));
    gathering.addRecord(new Gathering.Entry(subject, identity, time, time + 7, tag), location);
    model.add(
        Section.RECORD, sequence, location.headOffset(), location.dataOffset(), location.sum());
    if (flags == EventBatch.FLAG_VOID) {
      long place = random.nextLong();
      gathering.addVoided(place);
      if (random.nextBoolean()) {
        gathering.noteReplaced();
        tag = EntryTags.replaced(tag);
      }
      model.add(Section.VOIDED, place, 0, sequence, EntryTags.flags(tag));
    }
    if (flags == EventBatch.FLAG_CONFLICT || flags == EventBatch.FLAG_VOID) {
      model.add(Section.EXCEPTION, subject >>> 40, time, sequence, tag);
    }
    model.add(Section.SUBJECT, subject, time, sequence, tag);
    model.add(Section.TIME, subject >>> 40, time, sequence, tag);
    model.add(Section.IDENTITY, identity, 0, sequence, EntryTags.flags(tag));
  }

  private static EntryKeys keys(int tenant) {
    return new EntryKeys(new IdentityKey(tenant, 99));
  }

  private void assertHolds(Model model, Searchable searched) {
    for (Section section : Section.values()) {
      List<Entry> all = model.between(section, Key.first(Long.MIN_VALUE), Key.last(Long.MAX_VALUE));
      assertEquals(all.size(), searched.entries(section), "seed " + seed);
      assertEquals(
          all,
          read(searched, section, Key.first(Long.MIN_VALUE), Key.last(Long.MAX_VALUE)),
          "seed " + seed + " " + section);
      for (int i = 0; i < 8 && !all.isEmpty(); i++) {
        Key one = near(all);
        Key other = near(all);
        Key low = one.compareTo(other) <= 0 ? one : other;
        Key high = one.compareTo(other) <= 0 ? other : one;
        assertEquals(
            model.between(section, low, high),
            read(searched, section, low, high),
            "seed " + seed + " " + section + " from " + low + " to " + high);
      }
    }
  }

  private Key near(List<Entry> all) {
    Key key = all.get(random.nextInt(all.size())).key();
    return switch (random.nextInt(5)) {
      case 0 -> new Key(key.a(), key.b() + random.nextInt(3) - 1, key.c());
      case 1 -> new Key(key.a(), key.b(), key.c() + random.nextInt(3) - 1);
      case 2 -> Key.first(key.a());
      case 3 -> Key.last(key.a());
      default -> key;
    };
  }

  /** All entries between two keys, from the last to the first as a search meets them. */
  private static List<Entry> read(Searchable searched, Section section, Key low, Key high) {
    List<Entry> found = new ArrayList<>();
    Page page = searched.last(section, low, high);
    while (!page.isEmpty()) {
      for (int i = page.size() - 1; i >= 0; i--) {
        found.add(new Entry(page.key(i), page.tag(i)));
      }
      page = searched.last(section, low, page.key(0).before());
    }
    Collections.reverse(found);
    return found;
  }

  private static List<List<Entry>> everything(Searchable searched) {
    return Stream.of(Section.values())
        .map(s -> read(searched, s, Key.first(Long.MIN_VALUE), Key.last(Long.MAX_VALUE)))
        .toList();
  }

  @Test
  void givesBackWhatWasGathered() throws IOException {
    for (int round = 0; round < 60; round++) {
      seed(round);
      Model model = new Model();
      int records = random.nextInt(round % 20 == 0 ? 5_000 : 300);
      Gathered gathered = gather(model, 1 + random.nextInt(1_000), 64, records).view(false);
      assertHolds(model, gathered);
      RunFiles files = new RunFiles(directory, 3);
      Run written = files.write(gathered);
      assertHolds(model, written);
      Run opened = Run.open(written.path());
      assertHolds(model, opened);
      assertEquals(gathered.stretch(), opened.stretch());
      assertEquals(gathered.times(), opened.times());
      files.delete(written.path());
    }
  }

  @Test
  void holdsAllOfSeveralLevels() throws IOException {
    seed(7);
    Model model = new Model();
    Run run = new RunFiles(directory, 3).write(gather(model, 1, 64, 400_000).view(true));
    assertEquals(2, run.root(Section.IDENTITY).height());
    for (Section section : Section.values()) {
      List<Entry> all = model.between(section, Key.first(Long.MIN_VALUE), Key.last(Long.MAX_VALUE));
      assertEquals(all.size(), run.entries(section));
      for (int i = 0; i < 2_000; i++) {
        int at = random.nextInt(all.size());
        Page page = run.last(section, Key.first(Long.MIN_VALUE), all.get(at).key());
        for (int back = 0; back < page.size(); back++) {
          int j = page.size() - 1 - back;
          assertEquals(all.get(at - back), new Entry(page.key(j), page.tag(j)));
        }
      }
    }
  }

  @Test
  void mergedRunsHoldWhatTheyHeldApart() throws IOException {
    for (int round = 0; round < 30; round++) {
      seed(1_000 + round);
      Model model = new Model();
      RunFiles files = new RunFiles(directory, 3);
      List<Run> runs = new ArrayList<>();
      long sequence = 1;
      long offset = 0;
      int count = 2 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        int records = i == count - 1 ? 0 : random.nextInt(800);
        Gathering gathering = gather(model, sequence, offset, records);
        runs.add(files.write(gathering.view(i == count - 1)));
        sequence = gathering.nextSequence();
        offset = gathering.toOffset();
      }
      try (RunMerge merge = new RunMerge(runs, () -> false)) {
        Run merged = files.write(merge);
        assertHolds(model, merged);
        assertEquals(new Stretch(3, CYCLE, 1, sequence - 1, 0, offset, true), merged.stretch());
        // As after a crash before the merged ones were deleted.
        Map<Integer, List<Run>> loaded = new RunFiles(directory, 3).load();
        assertEquals(List.of(CYCLE), List.copyOf(loaded.keySet()), "seed " + seed);
        assertEquals(
            List.of(merged.path()), loaded.get(CYCLE).stream().map(Run::path).toList());
        assertEquals(1, names().size());
        files.delete(merged.path());
      }
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void noticesEveryFlippedBitThatItReads() throws IOException {
    seed(42);
    Run run = new RunFiles(directory, 3).write(gather(new Model(), 1, 0, 3_000).view(true));
    List<List<Entry>> expected = everything(run);
    byte[] sound = Files.readAllBytes(run.path());
    int noticed = 0;
    for (int i = 0; i < 500; i++) {
      byte[] damaged = sound.clone();
      int at = random.nextInt(damaged.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Path file = directory.resolve("20260305-12F.0099.events");
      Files.write(file, damaged);
      try {
        assertEquals(expected, everything(Run.open(file)), "seed " + seed);
      } catch (RunDamaged e) {
        assertEquals(file, e.run());
        noticed++;
      }
    }
    // Every byte belongs to the header or to a page, and all pages are read.
    assertEquals(500, noticed, "seed " + seed);
  }

  @Test
  void noticesWhatIsCutOffOrGone() throws IOException {
    seed(43);
    Run run = new RunFiles(directory, 3).write(gather(new Model(), 1, 0, 500).view(true));
    byte[] sound = Files.readAllBytes(run.path());
    for (int length : new int[] {0, 100, 320, 400, sound.length - 1}) {
      Files.write(run.path(), java.util.Arrays.copyOf(sound, length));
      assertThrows(RunDamaged.class, () -> Run.open(run.path()), "cut to " + length);
    }
    Files.write(run.path(), java.util.Arrays.copyOf(sound, 400));
    assertThrows(
        RunDamaged.class,
        () -> run.last(Section.VOIDED, Key.first(Long.MIN_VALUE), Key.last(Long.MAX_VALUE)));
    Files.delete(run.path());
    assertThrows(RunDamaged.class, () -> Run.open(run.path()));
    assertThrows(
        RunDamaged.class,
        () -> run.last(Section.TIME, Key.first(Long.MIN_VALUE), Key.last(Long.MAX_VALUE)));
  }

  @Test
  void loadsSoundRunsAndDeletesTheOthers() throws IOException {
    seed(44);
    RunFiles files = new RunFiles(directory, 3);
    Gathering first = gather(new Model(), 1, 0, 50);
    Run one = files.write(first.view(false));
    Run two = files.write(
        gather(new Model(), first.nextSequence(), first.toOffset(), 50).view(true));
    Files.write(directory.resolve("20260305-12F.0003.events"), new byte[1_000]);
    Files.write(directory.resolve("20260305-12F.0004.events.new"), new byte[10]);
    Files.copy(one.path(), directory.resolve("20260305-13F.0005.events"));
    Files.write(directory.resolve("20260305-12F.cq4"), "other".getBytes(StandardCharsets.UTF_8));
    RunFiles again = new RunFiles(directory, 3);
    Map<Integer, List<Run>> loaded = again.load();
    assertEquals(1, loaded.size());
    assertEquals(
        List.of(one.stretch(), two.stretch()),
        loaded.get(CYCLE).stream().map(Run::stretch).toList());
    assertEquals(
        List.of("20260305-12F.0001.events", "20260305-12F.0002.events", "20260305-12F.cq4"),
        names());
    // A number is not given again, also not that of a file which was deleted as damaged.
    Run next = again.write(gather(new Model(), 1, 0, 1).view(false));
    assertEquals("20260305-12F.0006.events", next.path().getFileName().toString());
    assertTrue(new RunFiles(directory, 4).load().isEmpty());
  }

  @Test
  void takesFewBytesForEachRecord() throws IOException {
    seed(45);
    Gathering gathering = new Gathering(0, CYCLE, 1, 0);
    long time = 1_772_712_000_000_000_000L;
    EntryKeys keys = keys(1);
    for (int i = 0; i < 100_000; i++) {
      if (i % 1_000 == 0) {
        gathering.addGroup(i * 270L + 28, i * 270L / 4 * 4);
      }
      time += random.nextInt(20_000) * 1_000L;
      gathering.addRecord(
          new Gathering.Entry(
              keys.subject("customer-" + random.nextInt(1_000)),
              random.nextLong(),
              time,
              time,
              EntryTags.of(random.nextInt(5), 0)),
          new Gathering.Location(i * 100L, i * 130L, random.nextInt(Integer.MAX_VALUE)));
    }
    gathering.endFrame(27_000_000);
    Run run = new RunFiles(directory, 0).write(gathering.view(true));
    long bytesPerRecord = run.fileBytes() / 100_000;
    assertTrue(bytesPerRecord <= 41, bytesPerRecord + " bytes a record");
  }
}
