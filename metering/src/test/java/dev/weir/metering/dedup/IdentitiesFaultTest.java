package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.TestMetering;
import dev.weir.metering.dedup.IdentityIndex.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.core.OS;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities when files are lost, torn, damaged or cannot be written, and when a process is killed. */
class IdentitiesFaultTest {

  private static final long HORIZON = 1_000;
  private static final int VOLUME = 20;
  private static final IdentityRules RULES = new IdentityRules(1_000_000, HORIZON, VOLUME, 100, 2);

  @TempDir
  Path directory;

  private Installation installation(String name) {
    return new Installation(directory.resolve(name), RULES);
  }

  /** Sends each event by itself, and does what sealing waits after each. */
  private static void sendAndSeal(Installation installation, long from, long to, long now)
      throws IOException {
    for (long n = from; n < to; n++) {
      assertEquals(Answer.NEW, installation.take(n, n, now), "event " + n);
      installation.settle();
    }
  }

  private static void assertKnown(Installation installation, long from, long to, long now) {
    for (long n = from; n < to; n++) {
      assertEquals(Answer.DUPLICATE, installation.take(n, n, now), "event " + n);
      assertEquals(Answer.CONFLICT, installation.take(n, -1, now), "event " + n);
    }
  }

  private static List<String> files(Installation installation, int lane) throws IOException {
    try (Stream<Path> files = Files.list(installation.directory(lane))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aStartReadsSegmentsAndOnlyTheRestOfTheJournal() throws IOException {
    Installation installation = installation("start");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 95, 100);
    assertEquals(
        List.of(
            "0000000000000000001-0000000000000000020.ids",
            "0000000000000000021-0000000000000000040.ids",
            "0000000000000000041-0000000000000000060.ids",
            "0000000000000000061-0000000000000000080.ids"),
        files(installation, 0));
    installation.stop();
    installation.start(1, 100);
    assertEquals(15, installation.recordsRead());
    assertEquals(95, installation.identities().size());
    assertEquals(4, installation.identities().segments());
    long bytes = 0;
    for (Path file : installation.segments()) {
      bytes += Files.size(file);
    }
    assertEquals(bytes, installation.identities().diskBytes());
    assertKnown(installation, 0, 95, 100);
    assertEquals(Answer.NEW, installation.take(95, 95, 100));
    installation.stop();
  }

  @Test
  void sealingThatFailsAtAnyCallIsTriedAgainAndLosesNothing() throws IOException {
    int failures = 0;
    for (int call = 1; call <= 40; call++) {
      FaultyDisk disk = new FaultyDisk().failingOnce(call);
      Installation installation = installation("fails-" + call).on(disk);
      installation.start(1, 100);
      for (long n = 0; n < 70; n++) {
        assertEquals(Answer.NEW, installation.take(n, n, 100));
        try {
          installation.settle();
        } catch (IOException e) {
          failures++;
          assertKnown(installation, 0, n + 1, 100);
        }
      }
      installation.settle();
      assertEquals(0, installation.identities().unsealed());
      assertEquals(3, files(installation, 0).size(), "call " + call);
      assertKnown(installation, 0, 70, 100);
      installation.stop();
      installation.on(SegmentDisk.FILES).start(1, 100);
      assertKnown(installation, 0, 70, 100);
      installation.stop();
    }
    assertTrue(failures >= 15, "failures " + failures);
  }

  @Test
  void aProcessKilledAtAnyCallLosesNothing() throws IOException {
    int kills = 0;
    for (int call = 1; call <= 40; call++) {
      Installation installation =
          installation("killed-" + call).on(new FaultyDisk().killingAt(call));
      long sent = 0;
      try {
        installation.start(1, 100);
        for (; sent < 70; ) {
          assertEquals(Answer.NEW, installation.take(sent, sent, 100));
          sent++;
          installation.settle();
        }
      } catch (FaultyDisk.Killed e) {
        kills++;
      }
      installation.on(SegmentDisk.FILES).start(1, 100);
      assertEquals(sent, installation.identities().size(), "call " + call);
      assertKnown(installation, 0, sent, 100);
      installation.settle();
      assertFalse(files(installation, 0).stream().anyMatch(name -> name.endsWith(".new")));
      installation.stop();
    }
    assertTrue(kills >= 15, "kills " + kills);
  }

  @Test
  void aProcessKilledWhileItRecoversLosesNothing() throws IOException {
    for (int call = 1; call <= 30; call++) {
      Installation installation = installation("recovers-" + call);
      installation.start(1, 100);
      sendAndSeal(installation, 0, 130, 100);
      installation.stop();
      damage(installation.segments().get(1), 100);
      damage(installation.segments().get(4), 10);
      Files.delete(installation.segments().get(2));
      installation.on(new FaultyDisk().killingAt(call));
      try {
        installation.start(1, 100);
        installation.settle();
      } catch (FaultyDisk.Killed e) {
        assertEquals("killed", e.getMessage());
      }
      installation.on(SegmentDisk.FILES).start(1, 100);
      assertEquals(130, installation.identities().size(), "call " + call);
      installation.settle();
      assertEquals(6, installation.segments().size(), "call " + call);
      assertKnown(installation, 0, 130, 100);
      installation.stop();
      installation.start(1, 100);
      assertEquals(10 + 130, installation.recordsRead(), "only what follows the segments");
      installation.stop();
    }
  }

  @Test
  void upToWhereNoStartNeedsTheJournalIsKnownWhateverWasLost() throws IOException {
    Installation installation = installation("complete");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 95, 100);
    assertEquals(80, installation.identities().volumes(0).sealedTo());
    installation.stop();
    Files.delete(installation.segments().get(1));
    installation.start(1, 100);
    assertEquals(20, installation.identities().volumes(0).sealedTo());
    installation.settle();
    assertEquals(80, installation.identities().volumes(0).sealedTo());
    sendAndSeal(installation, 95, 101, 100);
    assertEquals(100, installation.identities().volumes(0).sealedTo());
    // Of conflicts alone no segment is made.
    for (int i = 0; i < 5 * VOLUME; i++) {
      assertEquals(Answer.CONFLICT, installation.take(1, 1_000 + i, 100));
      installation.settle();
    }
    assertEquals(180, installation.identities().volumes(0).sealedTo());
    installation.stop();
    Files.delete(installation.segments().get(1));
    installation.forgetJournal(0, 50);
    installation.start(1, 100);
    // What the journal no longer holds, no start can read.
    assertEquals(180, installation.identities().volumes(0).sealedTo());
    installation.stop();
  }

  private static void damage(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 32;
    Files.write(file, bytes);
  }

  @Test
  void aSegmentWithAnyByteDamagedIsMadeAnew() throws IOException {
    Installation installation = installation("damaged");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 70, 100);
    installation.stop();
    Path file = installation.segments().get(1);
    byte[] sound = Files.readAllBytes(file);
    for (int at = 0; at < sound.length; at++) {
      damage(file, at);
      installation.start(1, 100);
      assertEquals(VOLUME + 10, installation.recordsRead(), "byte " + at);
      assertEquals(Answer.DUPLICATE, installation.take(25, 25, 100), "byte " + at);
      assertEquals(70, installation.identities().size(), "byte " + at);
      installation.settle();
      installation.stop();
      assertEquals(-1, java.util.Arrays.mismatch(sound, Files.readAllBytes(file)), "byte " + at);
    }
  }

  @Test
  void allSegmentsLostAreMadeAnew() throws IOException {
    Installation installation = installation("lost");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 95, 100);
    installation.stop();
    List<Path> segments = installation.segments();
    for (Path file : segments) {
      Files.delete(file);
    }
    installation.start(1, 100);
    assertEquals(95, installation.recordsRead());
    assertKnown(installation, 0, 95, 100);
    installation.settle();
    assertEquals(segments, installation.segments());
    installation.stop();
  }

  @Test
  void anotherNumberOfLanesKnowsTheSameIdentities() throws IOException {
    Installation installation = installation("lanes");
    long sent = 0;
    for (int lanes : new int[] {1, 3, 2, 5, 1}) {
      installation.start(lanes, 100);
      assertEquals(sent, installation.identities().size(), lanes + " lanes");
      assertKnown(installation, 0, sent, 100);
      for (long n = sent; n < sent + 150; n++) {
        assertEquals(Answer.NEW, installation.take(n, n, 100), lanes + " lanes, event " + n);
        installation.settle();
      }
      sent += 150;
      assertKnown(installation, 0, sent, 100);
      installation.settle();
      installation.stop();
    }
    installation.start(4, 100);
    assertEquals(sent, installation.identities().size());
    installation.settle();
    int segments = installation.segments().size();
    // Sealed volumes of several lanes expire in each of them, and then their files go.
    installation.take(-1, 0, 100 + HORIZON + 1);
    assertEquals(1, installation.identities().size());
    installation.settle();
    assertTrue(segments > 20, "segments " + segments);
    assertEquals(List.of(), installation.segments());
    installation.stop();
  }

  @Test
  void withAnotherKeySegmentsAreMadeAnew() throws IOException {
    Installation installation = installation("key");
    installation.start(2, 100);
    sendAndSeal(installation, 0, 200, 100);
    installation.stop();
    installation.changeKey();
    installation.start(2, 100);
    assertEquals(200, installation.recordsRead());
    assertKnown(installation, 0, 200, 100);
    installation.settle();
    installation.stop();
    installation.start(2, 100);
    assertTrue(installation.recordsRead() < 60 + 200, "read " + installation.recordsRead());
    assertKnown(installation, 0, 200, 100);
    installation.stop();
  }

  @Test
  void aDamagedSegmentThatTheJournalNoLongerHoldsIsRefusedLoudly() throws IOException {
    Installation installation = installation("refused");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 95, 100);
    installation.stop();
    installation.forgetJournal(0, 50);
    // Sound segments need no journal.
    installation.start(1, 100);
    assertKnown(installation, 0, 40, 100);
    installation.settle();
    installation.stop();
    Path file = installation.segments().get(1);
    damage(file, 90);
    for (int i = 0; i < 2; i++) {
      IdentitiesLost lost = assertThrows(IdentitiesLost.class, () -> installation.start(1, 100));
      installation.stop();
      String message = String.valueOf(lost.getMessage());
      assertTrue(message.startsWith(file + ": "), message);
      assertTrue(message.contains("no longer holds sequences 21 to 40"), message);
    }
    Files.delete(file);
    installation.start(1, 100);
    assertKnown(installation, 0, 20, 100);
    assertKnown(installation, 40, 95, 100);
    assertEquals(Answer.NEW, installation.take(30, 30, 100));
    installation.stop();
  }

  @Test
  void whatTheJournalDoesNotHoldIsNotKnown() throws IOException {
    Installation installation = installation("shorter");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 95, 100);
    installation.stop();
    // As after a restore of the journal alone.
    installation.cutJournal(0, 45);
    installation.start(1, 100);
    assertEquals(50, installation.identities().size());
    assertKnown(installation, 0, 50, 100);
    sendAndSeal(installation, 50, 120, 100);
    installation.stop();
    installation.start(1, 100);
    assertKnown(installation, 0, 120, 100);
    installation.stop();
  }

  @Test
  void anIdentityIsKnownToTheHorizonsEdgeAcrossSealingAndRestarts() throws IOException {
    for (boolean restart : new boolean[] {false, true}) {
      Installation installation = installation("edge-" + restart);
      installation.start(1, 100);
      for (long n = 0; n < VOLUME; n++) {
        assertEquals(Answer.NEW, installation.take(n, n, 100 + n));
      }
      long newest = 100 + VOLUME - 1;
      long edge = newest + HORIZON;
      assertEquals(Answer.NEW, installation.take(50, 50, newest));
      installation.settle();
      assertEquals(1, installation.segments().size());
      restart(installation, restart, edge);
      // Those received first would have expired alone, but go with the volume.
      for (long n = 0; n < VOLUME; n++) {
        assertEquals(Answer.DUPLICATE, installation.take(n, n, edge));
      }
      restart(installation, restart, edge + 1);
      for (long n = 0; n < VOLUME; n++) {
        assertEquals(Answer.NEW, installation.take(n, -n - 1, edge + 1));
      }
      assertEquals(Answer.NEW, installation.take(50, 51, edge + 1));
      installation.settle();
      restart(installation, restart, edge + 1);
      for (long n = 0; n < VOLUME; n++) {
        assertEquals(Answer.DUPLICATE, installation.take(n, -n - 1, edge + 1));
      }
      installation.stop();
    }
  }

  private static void restart(Installation installation, boolean really, long now)
      throws IOException {
    if (really) {
      installation.stop();
      installation.start(1, now);
    }
  }

  @Test
  void whatHasExpiredIsNotReadAgainAtEveryStart() throws IOException {
    Installation installation = installation("expired");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 200, 100);
    long later = 100 + HORIZON + 1;
    sendAndSeal(installation, 200, 250, later);
    assertEquals(50, installation.identities().size());
    assertEquals(
        List.of(
            "0000000000000000201-0000000000000000220.ids",
            "0000000000000000221-0000000000000000240.ids",
            "expired"),
        files(installation, 0));
    installation.stop();
    installation.start(1, later);
    assertEquals(10, installation.recordsRead());
    assertKnown(installation, 200, 250, later);
    installation.stop();
    Files.delete(installation.directory(0).resolve("expired"));
    installation.start(1, later);
    assertEquals(200 + 10 + 50, installation.recordsRead());
    assertEquals(50, installation.identities().size());
    installation.stop();
    installation.start(1, later);
    assertEquals(10 + 50, installation.recordsRead());
    installation.stop();
  }

  @Test
  void aLongerHorizonBringsBackWhatTheJournalStillHolds() throws IOException {
    Installation installation = installation("longer");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 95, 100);
    long later = 100 + HORIZON + 1;
    sendAndSeal(installation, 95, 96, later);
    installation.stop();
    assertEquals(List.of("expired"), files(installation, 0));
    Installation longer = installation.with(new IdentityRules(1_000, HORIZON + 1, VOLUME, 100, 2));
    longer.start(1, later);
    assertKnown(longer, 0, 96, later);
    longer.stop();
  }

  @Test
  void aFullDiskStopsIngestOnlyWhenTooMuchWaitsAndRoomLetsItGoOn() throws IOException {
    FaultyDisk disk = new FaultyDisk();
    Installation installation = installation("full").on(disk);
    installation.start(1, 100);
    sendAndSeal(installation, 0, 5, 100);
    disk.breakNow();
    installation.sealInBackground();
    long taken = 5;
    while (installation.take(taken, taken, 100) == Answer.NEW) {
      taken++;
    }
    // Two volumes wait and the third is full.
    assertEquals(3 * VOLUME, taken);
    assertEquals(2, installation.identities().unsealed());
    TestMetering.awaitUntil(
        "the failure shows", () -> installation.identities().failure().isPresent());
    assertEquals(Answer.UNSEALED, installation.take(taken, taken, 100));
    assertKnown(installation, 0, taken, 100);
    disk.mend();
    TestMetering.awaitUntil("sealed", () -> installation.identities().unsealed() == 0);
    TestMetering.awaitUntil(
        "the failure is over", () -> installation.identities().failure().isEmpty());
    for (long n = taken; n < 200; n++) {
      long next = n;
      TestMetering.awaitUntil("room", () -> installation.take(next, next, 100) == Answer.NEW);
    }
    assertKnown(installation, 0, 200, 100);
    installation.stop();
    installation.on(SegmentDisk.FILES).start(1, 100);
    assertKnown(installation, 0, 200, 100);
    installation.stop();
  }

  @Test
  void aDiskThatIsFullAtTheStartLeavesWhatWaitedInMemory() throws IOException {
    Installation installation = installation("full-start");
    installation.start(1, 100);
    for (long n = 0; n < 3 * VOLUME; n++) {
      assertEquals(Answer.NEW, installation.take(n, n, 100));
    }
    installation.stop();
    FaultyDisk disk = new FaultyDisk();
    installation.on(disk);
    disk.breakNow();
    installation.start(1, 100);
    assertKnown(installation, 0, 3 * VOLUME, 100);
    assertEquals(Answer.UNSEALED, installation.take(1_000, 0, 100));
    disk.mend();
    installation.settle();
    assertEquals(Answer.NEW, installation.take(1_000, 0, 100));
    installation.stop();
  }

  @Test
  void aSegmentThatCannotBeReadRefusesWhatMayBeInItUntilARestart() throws IOException {
    Installation installation = installation("unreadable");
    installation.start(1, 100);
    sendAndSeal(installation, 0, 50, 100);
    Path file = installation.segments().get(0);
    damage(file, (int) Files.size(file) - 1);
    assertEquals(Answer.UNREADABLE, installation.take(3, 3, 100));
    assertEquals(Answer.UNREADABLE, installation.take(3, 4, 100));
    assertKnown(installation, 20, 50, 100);
    assertEquals(Answer.NEW, installation.take(50, 50, 100));
    installation.stop();
    installation.start(1, 100);
    assertKnown(installation, 0, 51, 100);
    installation.stop();
  }

  @Test
  void aVolumeThatExpiresBeforeItIsSealedLeavesNoFile() throws IOException {
    Installation installation = installation("late");
    installation.start(1, 100);
    for (long n = 0; n < 2 * VOLUME + 1; n++) {
      assertEquals(Answer.NEW, installation.take(n, n, 100));
    }
    assertEquals(2, installation.identities().unsealed());
    assertEquals(Answer.NEW, installation.take(0, 5, 100 + HORIZON + 1));
    installation.settle();
    assertEquals(List.of("expired"), files(installation, 0));
    installation.stop();
    installation.start(1, 100 + HORIZON + 1);
    assertEquals(1, installation.identities().size());
    assertEquals(Answer.DUPLICATE, installation.take(0, 5, 100 + HORIZON + 1));
    installation.stop();
  }

  @Test
  void recordsThatBringNoIdentityAreNotReadAgainForEver() throws IOException {
    Installation installation = installation("conflicts");
    installation.start(1, 100);
    sendAndSeal(installation, 0, VOLUME + 1, 100);
    for (int i = 0; i < 10 * VOLUME; i++) {
      assertEquals(Answer.CONFLICT, installation.take(1, 1_000 + i, 100));
      installation.settle();
    }
    installation.stop();
    installation.start(1, 100);
    assertTrue(installation.recordsRead() <= 4 * VOLUME, "read " + installation.recordsRead());
    assertKnown(installation, 0, VOLUME + 1, 100);
    installation.stop();
  }

  @Test
  void ofAnIdentityThatWasTakenTwiceTheLaterCountsWhenItIsMadeAnew() throws IOException {
    Installation installation = installation("twice");
    installation.start(1, 100);
    assertEquals(Answer.NEW, installation.take(1, 10, 100));
    long later = 100 + HORIZON + 1;
    assertEquals(Answer.NEW, installation.take(2, 0, later));
    assertEquals(Answer.NEW, installation.take(1, 11, later));
    installation.settle();
    installation.stop();
    Files.delete(installation.directory(0).resolve("expired"));
    installation.with(new IdentityRules(1_000, 10 * HORIZON, VOLUME, 10 * HORIZON, 2));
    installation.start(1, later);
    assertEquals(2, installation.identities().size());
    assertEquals(Answer.DUPLICATE, installation.take(1, 11, later));
    assertEquals(Answer.CONFLICT, installation.take(1, 10, later));
    sendAndSeal(installation, 100, 150, later);
    assertEquals(Answer.DUPLICATE, installation.take(1, 11, later));
    assertEquals(Answer.CONFLICT, installation.take(1, 10, later));
    installation.stop();
  }

  @Test
  void nothingIsLeftInMemoryAfterTheEnd() throws IOException {
    long before = OS.memory().nativeMemoryUsed();
    Installation installation = installation("memory");
    installation.start(2, 100);
    sendAndSeal(installation, 0, 100, 100);
    for (long n = 100; n < 180; n++) {
      installation.take(n, n, 100);
    }
    assertTrue(installation.identities().unsealed() > 0);
    assertTrue(installation.identities().memoryBytes() > 0);
    installation.stop();
    // Others may give memory back meanwhile, but nobody takes any.
    assertTrue(OS.memory().nativeMemoryUsed() <= before);
    installation.start(3, 100);
    installation.take(500, 0, 100 + HORIZON + 1);
    installation.settle();
    installation.stop();
    // Others may give memory back meanwhile, but nobody takes any.
    assertTrue(OS.memory().nativeMemoryUsed() <= before);
  }
}
