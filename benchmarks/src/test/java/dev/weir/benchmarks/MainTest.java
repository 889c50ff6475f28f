package dev.weir.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.harness.Benchmark;
import org.junit.jupiter.api.Test;

class MainTest {

  @Test
  void helpListsEveryBenchmarkAndEachHasItsOwn() throws Exception {
    BenchRun help = BenchRun.of();
    assertEquals(0, help.exitCode());
    assertEquals(help, BenchRun.of("help"));
    for (Benchmark benchmark : Benchmarks.ALL) {
      assertTrue(help.out().contains("weir bench " + benchmark.name()), help.out());
      BenchRun own = BenchRun.of(benchmark.name(), "--help");
      assertEquals(0, own.exitCode());
      assertEquals(own, BenchRun.of("help", benchmark.name()));
      benchmark
          .options()
          .forEach(option -> assertTrue(own.out().contains("  --" + option.name()), own.out()));
      assertTrue(own.out().contains("--report DIR"), own.out());
    }
  }

  @Test
  void whatIsNotThereIsRefusedByName() throws Exception {
    BenchRun benchmark = BenchRun.of("speed");
    assertEquals(2, benchmark.exitCode());
    assertTrue(benchmark.err().contains("there is no 'speed'"), benchmark.err());
    BenchRun helped = BenchRun.of("help", "speed");
    assertEquals(benchmark, helped);
    BenchRun option = BenchRun.of("ingest", "--rat", "5");
    assertEquals(2, option.exitCode());
    assertTrue(option.err().contains("there is no option '--rat'"), option.err());
    assertTrue(option.err().contains("--rate"), option.err());
  }

  @Test
  void valuesThatCannotBeAreRefusedBeforeAnythingStarts() throws Exception {
    for (String[] words : new String[][] {
      {"ingest", "--rate", "fast"},
      {"ingest", "--batch", "0"},
      {"ingest", "--protocol", "h3"},
      {"ingest", "--senders", "4", "--connections", "3"},
      {"ingest", "--java", "/nowhere"},
      {"ingest", "--heap", "much"},
      {"ingest", "--url", "http://127.0.0.1:1"},
      {"ingest", "--protocol", "h2c", "--url", "http://127.0.0.1:1", "--key", "k"},
      {"ingest", "--url", "ftp://127.0.0.1", "--key", "k"},
      {"ingest", "--set", "lanes"}
    }) {
      BenchRun refused = BenchRun.of(words);
      assertEquals(2, refused.exitCode(), refused.toString());
      String option = words[0].equals("ingest") && words.length > 3 && words[1].equals("--senders")
          ? words[3]
          : words[1];
      assertTrue(refused.err().contains(option), refused.toString());
    }
  }
}
