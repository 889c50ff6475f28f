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
 * @param heapTakenBytes of the heap, used or not: never more than its bound
 * @param directBytes of buffers outside the heap
 * @param anonymousBytes resident and of no file: heap, buffers, stacks, code, and identities
 * @param identityBytes kept in memory to tell duplicates; grows with what is remembered
 * @param openFiles descriptors, sockets too
 * @param identityFiles of them, those of sealed identities: one for each volume
 */
public record ServerState(
    long atNanos,
    long heapBytes,
    long heapTakenBytes,
    long directBytes,
    long anonymousBytes,
    long identityBytes,
    long threads,
    long openFiles,
    long identityFiles) {

  /** Of a server that is not our process. */
  static final ServerState NONE = new ServerState(0, 0, 0, 0, 0, 0, 0, 0, 0);

  static ServerState of(ProcessHandle process, String metrics) {
    return new ServerState(
        System.nanoTime(),
        (long) ServerSample.sum(metrics, "jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}"),
        (long) ServerSample.sum(metrics, "jvm_memory_committed_bytes\\{[^}]*area=\"heap\"[^}]*}"),
        (long) ServerSample.sum(metrics, "jvm_buffer_memory_used_bytes\\{[^}]*id=\"direct\"[^}]*}"),
        ServerSample.status(process.pid(), "RssAnon", " kB") << 10,
        (long) ServerSample.sum(metrics, "weir_dedup_memory(_bytes)?"),
        ServerSample.status(process.pid(), "Threads", ""),
        openFiles(process.pid()),
        (long) ServerSample.sum(metrics, "weir_dedup_segments"));
  }

  private static long openFiles(long pid) {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.count();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Memory that may not grow with the events that were sent; the heap is looked at by itself. */
  public long boundedBytes() {
    return Math.max(0, anonymousBytes - identityBytes - heapTakenBytes);
  }

  /** Files that may not. */
  public long boundedFiles() {
    return Math.max(0, openFiles - identityFiles);
  }
}
