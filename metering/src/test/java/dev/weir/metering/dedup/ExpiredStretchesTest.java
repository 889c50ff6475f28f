package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiredStretchesTest {

  private static final IdentityRules RULES = new IdentityRules(10, 100, 10, 10, 1);

  @TempDir
  Path directory;

  private ExpiredStretches load(long now) throws Exception {
    ExpiredStretches stretches = new ExpiredStretches(SegmentDisk.FILES, directory);
    stretches.load(RULES, now);
    return stretches;
  }

  @Test
  void neighboursBecomeOneAndTheNewestTimeCounts() throws Exception {
    ExpiredStretches stretches = load(1_000);
    stretches.add(new Stretch(11, 20, 2), 500);
    stretches.add(new Stretch(31, 40, 4), 510);
    assertEquals(List.of(new Stretch(11, 20, 2), new Stretch(31, 40, 4)), stretches.stretches());
    stretches.add(new Stretch(21, 30, 3), 490);
    assertEquals(List.of(new Stretch(11, 40, 4)), stretches.stretches());
    stretches.add(new Stretch(1, 15, 1), ExpiredStretches.NOTHING);
    assertEquals(List.of(new Stretch(1, 40, 4)), stretches.stretches());
    stretches.save();
    assertEquals(List.of(new Stretch(1, 40, 4)), load(611).stretches());
    // The newest of it has not expired: then nothing of it can be relied on.
    assertEquals(List.of(), load(610).stretches());
  }

  @Test
  void whatHoldsNothingNeedsNoSegmentAtAnyTime() throws Exception {
    ExpiredStretches stretches = load(1);
    stretches.add(new Stretch(1, 20, 2), ExpiredStretches.NOTHING);
    stretches.save();
    assertEquals(List.of(new Stretch(1, 20, 2)), load(0).stretches());
    ExpiredStretches forEver = new ExpiredStretches(SegmentDisk.FILES, directory);
    forEver.load(new IdentityRules(10, IdentityRules.UNLIMITED_SECONDS, 10, 10, 1), 1L << 40);
    assertEquals(List.of(new Stretch(1, 20, 2)), forEver.stretches());
  }

  @Test
  void aDamagedFileIsAsNone() throws Exception {
    ExpiredStretches stretches = load(1_000);
    stretches.add(new Stretch(1, 20, 2), 5);
    stretches.save();
    Path file = directory.resolve(ExpiredStretches.FILE);
    byte[] sound = Files.readAllBytes(file);
    for (int at = 0; at < sound.length; at++) {
      byte[] bytes = sound.clone();
      bytes[at] ^= 4;
      Files.write(file, bytes);
      List<Stretch> read = load(1_000).stretches();
      assertEquals(List.of(), read, "byte " + at);
    }
    Files.write(file, new byte[0]);
    assertEquals(List.of(), load(1_000).stretches());
    Files.write(file, sound);
    assertEquals(List.of(new Stretch(1, 20, 2)), load(1_000).stretches());
  }
}
