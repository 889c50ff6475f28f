package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.journal.CycleFacts;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.JournalCorrupt;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CycleSumTest {

  private static final CycleSum SUM = new CycleSum(
      new CycleFacts(
          3,
          Cycles.parse("20260305-12"),
          2,
          7,
          100,
          66_000,
          0xfedcba98,
          new CycleFacts.Times(
              1_772_323_200_000_000_001L,
              1_772_323_200_000_000_002L,
              1_772_712_000_000_000_003L,
              1_772_712_000_000_000_004L)),
      "ab".repeat(32));

  @Test
  void readsBackWhatWasWritten() {
    assertEquals(SUM, CycleSum.decode(SUM.encode(), "here"));

    CycleSum empty = new CycleSum(
        new CycleFacts(0, Cycles.parse("20260305-13"), 0, 0, 0, 0, 0, CycleFacts.Times.NONE),
        "00".repeat(32));
    assertEquals(empty, CycleSum.decode(empty.encode(), "here"));
    assertEquals("no records", empty.sequences());
    assertEquals("sequences 100 to 106", SUM.sequences());
  }

  @Test
  void refusesEveryChangeOfAByteAndEveryOtherLength() {
    byte[] bytes = SUM.encode();
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) (1 << bit);
        JournalCorrupt corrupt =
            assertThrows(JournalCorrupt.class, () -> CycleSum.decode(damaged, "lane-3/x.sum"));
        assertTrue(corrupt.getMessage().startsWith("lane-3/x.sum: "), corrupt.getMessage());
      }
      byte[] cut = Arrays.copyOf(bytes, at);
      assertThrows(JournalCorrupt.class, () -> CycleSum.decode(cut, "lane-3/x.sum"));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThrows(JournalCorrupt.class, () -> CycleSum.decode(longer, "lane-3/x.sum"));
    assertThrows(JournalCorrupt.class, () -> CycleSum.decode(new byte[100_000], "lane-3/x.sum"));
  }
}
