package dev.weir.benchmarks.endurance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.endurance.Watch.Look;
import dev.weir.benchmarks.server.ServerState;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CourseTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long MIB = 1L << 20;

  /** A look a second, 100 events and 10 refusals between two. */
  private static List<Look> looks(
      int count, LongUnaryOperator heapMib, LongUnaryOperator identityMib) {
    return LongStream.range(0, count)
        .mapToObj(i -> new Look(
            new ServerState(
                5 * SECOND + i * SECOND,
                heapMib.applyAsLong(i) * MIB,
                (600 + i / 2) * MIB,
                10 * MIB,
                (1_100 + i / 2 + identityMib.applyAsLong(i)) * MIB,
                identityMib.applyAsLong(i) * MIB,
                40 + i % 3,
                100 + i,
                i),
            i * 100,
            i * 10))
        .toList();
  }

  @Test
  void aPartHasTheLeastHeapAndTheMostOfAllElse() {
    List<Course.Part> parts =
        Course.of(looks(21, i -> 300 - i % 10, i -> i), 10).parts();
    assertEquals(
        List.of(
            new Course.Part(10, 100, 10, 291 * MIB, 10 * MIB, 500 * MIB, 10 * MIB, 42, 100),
            new Course.Part(20, 100, 10, 291 * MIB, 10 * MIB, 500 * MIB, 20 * MIB, 42, 100)),
        parts);
  }

  @Test
  void aSawtoothAndIdentitiesAreNoGrowth() {
    Course course = Course.of(looks(400, i -> 200 + i % 17 * 20, i -> i), 10);
    assertTrue(course.isLongEnough());
    assertEquals(List.of(), course.growth());
  }

  @Test
  void aLeakIsGrowth() {
    Course course = Course.of(looks(400, i -> 200 + i % 17 * 20 + i / 2, i -> 0), 10);
    assertEquals(1, course.growth().size(), course.growth().toString());
    assertTrue(
        course.growth().get(0).startsWith("the heap after collections grew from "),
        course.growth().toString());
  }

  @Test
  void aShortRunSaysNothing() {
    Course course = Course.of(looks(60, i -> 200 + i * 100, i -> 0), 10);
    assertFalse(course.isLongEnough());
    assertEquals(List.of(), course.growth());
  }

  @Test
  void looksThatWereNotAnsweredDoNotCount() {
    List<Course.Part> parts =
        Course.of(looks(21, i -> i % 2 == 0 ? 100 : 0, i -> 0), 10).parts();
    assertEquals(2, parts.size());
    assertEquals(100 * MIB, parts.get(0).heapBytes());
  }
}
