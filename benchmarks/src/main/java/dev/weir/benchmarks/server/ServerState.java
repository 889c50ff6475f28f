package dev.weir.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a server holds at one moment: what must not grow while it runs for long. Zeros stand for what is
 * not known.
 *
 * @param heapBytes in use, what can be collected included
 * @param directBytes of buffers outside the heap
 * @param anonymousBytes resident and of no file: heap, buffers, stacks, code, and identities
 * @param identityBytes kept in memory to tell duplicates; grows with what is remembered
 * @param openFiles descriptors, sockets too
 */
public record ServerState(
    long atNanos,
    long heapBytes,
    long directBytes,
    long anonymousBytes,
    long identityBytes,
    long threads,
    long openFiles) {

  /** Of a server that is not our process. */
  static final ServerState NONE = new ServerState(0, 0, 0, 0, 0, 0, 0);

  static ServerState of(ProcessHandle process, String metrics) {
    return new ServerState(
        System.nanoTime(),
        (long) ServerSample.sum(metrics, "jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}"),
        (long) ServerSample.sum(metrics, "jvm_buffer_memory_used_bytes\\{[^}]*id=\"direct\"[^}]*}"),
        ServerSample.status(process.pid(), "RssAnon", " kB") << 10,
        (long) ServerSample.sum(metrics, "weir_dedup_memory(_bytes)?"),
        ServerSample.status(process.pid(), "Threads", ""),
        openFiles(process.pid()));
  }

  private static long openFiles(long pid) {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.count();
    } catch (IOException e) {
      return 0;
    }
  }

  /** What may not grow with the events that were sent. */
  public long boundedBytes() {
    return Math.max(0, anonymousBytes - identityBytes);
  }
}
