package dev.weir.metering.dedup;

import static dev.weir.metering.TestMetering.awaitLatch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpareMemoryTest {

  private static final int MANY = 10_000;

  private final VolumeSealer sealer = new VolumeSealer();
  private final SpareMemory spare = new SpareMemory(sealer, true);

  @AfterEach
  void free() {
    spare.close();
    sealer.abandon();
  }

  private static MemoryVolume used(int identities) {
    MemoryVolume memory = new MemoryVolume(identities);
    for (int i = 0; i < identities; i++) {
      memory.add(i, -i, 7);
    }
    return memory;
  }

  private void assertDone(int tasks) throws IOException {
    for (int i = 0; i < tasks; i++) {
      assertTrue(sealer.step());
    }
    assertFalse(sealer.step());
  }

  @Test
  void givesBackMemoryOfASealedVolumeAsIfItWereNew() throws Exception {
    MemoryVolume memory = used(MANY);
    long bytes = memory.bytes();

    spare.recycle(memory);
    assertEquals(bytes, spare.bytes(), "what waits counts");
    assertDone(1);
    assertEquals(bytes, spare.bytes());

    try (MemoryVolume taken = spare.take(MANY)) {
      assertSame(memory, taken);
      assertEquals(0, taken.count());
      assertEquals(0, spare.bytes());
      for (int i = 0; i < MANY; i++) {
        assertEquals(Match.ABSENT, taken.match(i, -i, 7));
      }
      for (int i = 0; i < MANY; i++) {
        taken.add(i, i, 8);
      }
      assertEquals(bytes, taken.bytes());
      for (int i = 0; i < MANY; i++) {
        assertEquals(Match.SAME, taken.match(i, i, 8));
        assertEquals(Match.OTHER, taken.match(i, i, 9));
        // Two at 0: the one with the low word that is 0 both ways is this one.
        assertEquals(i == 0 ? Match.SAME : Match.ABSENT, taken.match(i, -i, 8));
      }
    }
  }

  @Test
  void preparesOneOnly() throws Exception {
    spare.prepare(MANY);
    spare.prepare(MANY);
    MemoryVolume late = used(MANY);
    spare.recycle(late);
    assertDone(2);
    assertTrue(spare.bytes() > 0);
    spare.prepare(MANY);
    assertDone(0);

    try (MemoryVolume taken = spare.take(MANY);
        MemoryVolume fresh = spare.take(MANY)) {
      assertNotSame(late, taken);
      assertNotSame(taken, fresh);
      assertEquals(0, taken.count());
    }
    assertEquals(0, late.bytes(), "what was not needed is freed");
  }

  @Test
  void keepsNoMemoryThatIsMuchTooLargeOrTooSmall() throws Exception {
    for (int expected : new int[] {MANY / 100, MANY * 100}) {
      MemoryVolume memory = used(MANY);
      spare.recycle(memory);
      assertDone(1);
      try (MemoryVolume taken = spare.take(expected)) {
        assertNotSame(memory, taken);
        assertTrue(taken.suits(expected));
      }
      assertDone(1);
      assertEquals(0, memory.bytes());
      assertEquals(0, spare.bytes());
    }
  }

  @Test
  void isNotHeldUpByASealThatFails() throws Exception {
    sealer.submit(new VolumeSealer.Task() {
      @Override
      public void run() throws IOException {
        throw new IOException("no room");
      }

      @Override
      public void drop() {
        // Holds nothing.
      }
    });
    MemoryVolume memory = used(MANY);
    spare.recycle(memory);
    assertTrue(sealer.step());
    assertSame(memory, spare.take(MANY));
    assertThrows(IOException.class, sealer::step);
    memory.close();
  }

  @Test
  void doesNotHideThatSealsFail() throws Exception {
    List<Boolean> failed = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    sealer.submit(new VolumeSealer.Task() {
      @Override
      public void run() throws IOException {
        failed.add(sealer.failure() != null);
        if (failed.size() == 1) {
          // Done between this attempt and the next.
          spare.prepare(MANY);
          throw new IOException("no room");
        }
        done.countDown();
      }

      @Override
      public void drop() {
        // Holds nothing.
      }
    });
    sealer.start();
    awaitLatch(done);
    sealer.close();
    assertEquals(List.of(false, true), failed);
    assertTrue(spare.bytes() > 0);
  }

  @Test
  void keepsNothingForALaneThatIsNotWritten() throws Exception {
    SpareMemory none = new SpareMemory(sealer, false);
    MemoryVolume memory = used(MANY);
    none.recycle(memory);
    none.prepare(MANY);
    assertDone(1);
    assertEquals(0, memory.bytes());
    assertEquals(0, none.bytes());
  }

  @Test
  void freesWhatComesAfterTheEnd() throws Exception {
    MemoryVolume ready = used(MANY);
    spare.recycle(ready);
    assertDone(1);
    MemoryVolume waiting = used(MANY);
    spare.recycle(waiting);

    spare.close();
    assertEquals(0, ready.bytes());
    sealer.abandon();
    assertEquals(0, waiting.bytes());

    MemoryVolume late = used(MANY);
    spare.recycle(late);
    assertEquals(0, late.bytes());
    spare.prepare(MANY);
    assertDone(0);
  }
}
