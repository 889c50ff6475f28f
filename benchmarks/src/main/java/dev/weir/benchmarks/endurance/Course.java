package dev.weir.benchmarks.endurance;

import dev.weir.benchmarks.endurance.Watch.Look;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * How a server went through a long run: a row for each part of it, and whether something grew. Pure.
 *
 * <p>Growth compares the medians of the second and the last quarter: the first quarter fills caches and
 * compiles. What a process holds goes up and down, so less than {@link #SLACK_PERCENT} and less than an
 * absolute slack are no growth. The heap is taken at its least in every part, just after a collection.
 */
final class Course {

  static final int SLACK_PERCENT = 15;
  private static final long SLACK_BYTES = 48L << 20;
  private static final long SLACK_THREADS = 6;
  private static final long SLACK_FILES = 40;

  /** Fewer say nothing. */
  private static final int PARTS_MIN = 8;

  private static final int QUARTERS = 4;
  private static final double MIB = 1L << 20;
  private static final double NANOS = 1e9;

  /**
   * One part of the run; bytes and counts are the greatest in it, the heap the least.
   *
   * @param endSeconds from the start
   * @param directBytes of buffers outside the heap
   * @param boundedBytes resident and anonymous, but for heap and identities
   * @param boundedFiles open, but for those of identities
   */
  record Part(
      long endSeconds,
      double eventsPerSecond,
      double refusedPerSecond,
      long heapBytes,
      long directBytes,
      long boundedBytes,
      long identityBytes,
      long threads,
      long boundedFiles) {}

  private final List<Part> parts;

  private Course(List<Part> parts) {
    this.parts = parts;
  }

  /** Divides what was seen into parts of so many seconds; looks that got no answer are left out. */
  static Course of(List<Look> looks, long partSeconds) {
    List<Look> answered =
        looks.stream().filter(look -> look.state().heapBytes() > 0).toList();
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int at = 1; at < answered.size(); at++) {
      double seconds = seconds(answered.get(from), answered.get(at));
      if (seconds >= partSeconds) {
        long end = Math.round(seconds(answered.get(0), answered.get(at)));
        parts.add(part(answered.subList(from, at + 1), seconds, end));
        from = at;
      }
    }
    return new Course(List.copyOf(parts));
  }

  private static double seconds(Look from, Look to) {
    return (to.state().atNanos() - from.state().atNanos()) / NANOS;
  }

  private static Part part(List<Look> looks, double seconds, long end) {
    Look first = looks.get(0);
    Look last = looks.get(looks.size() - 1);
    return new Part(
        end,
        (last.events() - first.events()) / seconds,
        (last.refused() - first.refused()) / seconds,
        looks.stream().mapToLong(look -> look.state().heapBytes()).min().orElse(0),
        most(looks, ServerState::directBytes),
        most(looks, ServerState::boundedBytes),
        most(looks, ServerState::identityBytes),
        most(looks, ServerState::threads),
        most(looks, ServerState::boundedFiles));
  }

  private static long most(List<Look> looks, ToLongFunction<ServerState> value) {
    return looks.stream()
        .mapToLong(look -> value.applyAsLong(look.state()))
        .max()
        .orElse(0);
  }

  List<Part> parts() {
    return parts;
  }

  /** What grew, in words; empty if nothing did, or if the run was too short to tell. */
  List<String> growth() {
    List<String> grown = new ArrayList<>();
    if (parts.size() >= PARTS_MIN) {
      compare(grown, "the heap after collections", "bytes", SLACK_BYTES, Part::heapBytes);
      compare(grown, "direct memory", "bytes", SLACK_BYTES, Part::directBytes);
      compare(
          grown, "memory but for heap and identities", "bytes", SLACK_BYTES, Part::boundedBytes);
      compare(grown, "threads", "threads", SLACK_THREADS, Part::threads);
      compare(grown, "open files but for identities'", "files", SLACK_FILES, Part::boundedFiles);
    }
    return grown;
  }

  /** Whether there was enough to tell growth from noise. */
  boolean isLongEnough() {
    return parts.size() >= PARTS_MIN;
  }

  private void compare(
      List<String> grown, String what, String unit, long slack, ToLongFunction<Part> value) {
    long early = median(parts.size() / QUARTERS, parts.size() / 2, value);
    long late = median(parts.size() - parts.size() / QUARTERS, parts.size(), value);
    long allowed = Math.max(slack, early * SLACK_PERCENT / 100);
    if (late - early > allowed) {
      grown.add(String.format(Locale.ROOT, "%s grew from %,d to %,d %s", what, early, late, unit));
    }
  }

  private long median(int from, int to, ToLongFunction<Part> value) {
    List<Long> sorted =
        parts.subList(from, to).stream().map(value::applyAsLong).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** A row for each part. */
  Section section() {
    List<List<String>> rows = new ArrayList<>();
    for (Part part : parts) {
      rows.add(List.of(
          Long.toString(part.endSeconds()),
          number(part.eventsPerSecond()),
          number(part.refusedPerSecond()),
          number(part.heapBytes() / MIB),
          number(part.directBytes() / MIB),
          number(part.boundedBytes() / MIB),
          number(part.identityBytes() / MIB),
          count(part.threads()),
          count(part.boundedFiles())));
    }
    return new Section.Table(
        "The course of it",
        List.of(
            "until s",
            "acknowledged/s",
            "requests refused/s",
            "least heap MiB",
            "direct MiB",
            "memory but heap and identities MiB",
            "identities MiB",
            "threads",
            "files but identities'"),
        rows);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
