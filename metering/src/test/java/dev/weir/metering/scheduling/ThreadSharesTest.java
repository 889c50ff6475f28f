package dev.weir.metering.scheduling;

import static dev.weir.metering.scheduling.Scheduling.NOT_WAITING;
import static dev.weir.metering.scheduling.Share.LEFT_OVER;
import static dev.weir.metering.scheduling.Share.LESS_THAN_A_TENTH;
import static dev.weir.metering.scheduling.Share.LESS_THAN_USUAL;
import static dev.weir.metering.scheduling.Share.SOONER;
import static dev.weir.metering.scheduling.Share.TENTH;
import static dev.weir.metering.scheduling.Share.THIRD;
import static dev.weir.metering.scheduling.Share.USUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.scheduling.Scheduling.SystemThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThreadSharesTest {

  private static final SystemThread THREAD = new SystemThread(4711, 0);

  private long nanosRun = NOT_WAITING;
  private long now = Long.MAX_VALUE - 1_000;

  private final List<Share> given = new ArrayList<>();

  /** Gives everything, or nothing more than before. */
  private final class Recording implements Scheduling {

    private final boolean raises;
    private Share had = Share.USUAL;

    Recording(boolean raises) {
      this.raises = raises;
    }

    @Override
    public SystemThread current() {
      return THREAD;
    }

    @Override
    public boolean give(SystemThread thread, Share share) {
      assertEquals(THREAD, thread);
      boolean raised = share.nice(0) < had.nice(0) || (had.isIdle() && !share.isIdle());
      if (raised && !raises) {
        return false;
      }
      had = share;
      given.add(share);
      return true;
    }

    @Override
    public long nanosRun(SystemThread thread) {
      return nanosRun;
    }
  }

  private final ThreadShares shares = of(new Recording(true));

  private ThreadShares of(Scheduling scheduling) {
    return new ThreadShares(scheduling, () -> now);
  }

  @Test
  void whoIsLateGetsATenthAndWhatIsLeftOtherwise() {
    AtomicBoolean late = new AtomicBoolean();
    shares.run(
        () -> {
          for (boolean is : new boolean[] {false, false, true, true, false}) {
            late.set(is);
            shares.look();
          }
          assertEquals(List.of(LESS_THAN_A_TENTH, TENTH, LEFT_OVER, TENTH, LEFT_OVER), given);
        },
        Terms.BACKGROUND,
        late::get);
    assertEquals(TENTH, given.get(given.size() - 1), "its end may be waited for");
    int before = given.size();
    shares.look();
    assertEquals(before, given.size(), "another thread may have its number");
  }

  @Test
  void whoFollowsGetsAThirdAndAsMuchAsOthersWhenLate() {
    AtomicBoolean late = new AtomicBoolean();
    shares.run(
        () -> {
          shares.look();
          late.set(true);
          shares.look();
          assertEquals(List.of(LESS_THAN_USUAL, USUAL, THIRD, USUAL), given);
        },
        Terms.FOLLOWING,
        late::get);
  }

  private void lookFor(long millis) {
    for (long at = 0; at < millis; at += 50) {
      now += TimeUnit.MILLISECONDS.toNanos(50);
      shares.look();
    }
  }

  @Test
  void whoGetsNextToNothingForHalfASecondGetsATenth() {
    shares.run(
        () -> {
          for (long run : new long[] {NOT_WAITING, 7, 10_000_007, NOT_WAITING, 8}) {
            nanosRun = run;
            lookFor(500);
          }
          assertEquals(List.of(LESS_THAN_A_TENTH, TENTH, LEFT_OVER), given);
          nanosRun = 10_000_007;
          lookFor(50);
          assertEquals(List.of(LESS_THAN_A_TENTH, TENTH, LEFT_OVER, TENTH), given);
        },
        Terms.BACKGROUND,
        () -> false);
  }

  @Test
  void ofWhomThatCannotBeToldGetsATenth() {
    shares.run(
        () -> {
          nanosRun = Scheduling.UNKNOWN;
          lookFor(600);
          assertEquals(List.of(LESS_THAN_A_TENTH, TENTH, LEFT_OVER, TENTH), given);
        },
        Terms.BACKGROUND,
        () -> false);
  }

  @Test
  void whoFollowsGetsNoMoreWhereOthersGetNothing() {
    shares.run(
        () -> shares.run(
            () -> {
              nanosRun = 7;
              lookFor(1_000);
            },
            Terms.BACKGROUND,
            () -> false),
        Terms.FOLLOWING,
        () -> false);
    assertEquals(
        List.of(LESS_THAN_USUAL, USUAL, LESS_THAN_A_TENTH, TENTH, THIRD, LEFT_OVER, TENTH, USUAL),
        given);
  }

  @Test
  void aShareIsGivenForGood() {
    shares.give(SOONER);
    shares.look();
    assertEquals(List.of(SOONER), given);
  }

  @Test
  void whoMayNotBeRaisedAgainIsNotLowered() {
    ThreadShares modest = of(new Recording(false));
    modest.run(modest::look, Terms.BACKGROUND, () -> false);
    assertEquals(List.of(LESS_THAN_A_TENTH), given);
    given.clear();
    ThreadShares other = of(new Recording(false));
    other.run(other::look, Terms.FOLLOWING, () -> false);
    assertEquals(List.of(LESS_THAN_USUAL), given);
  }

  @Test
  void whoseLatenessCannotBeToldIsLate() {
    AtomicBoolean told = new AtomicBoolean(true);
    shares.run(
        () -> {
          shares.look();
          told.set(false);
          shares.look();
          assertEquals(List.of(LESS_THAN_A_TENTH, TENTH, LEFT_OVER, TENTH), given);
        },
        Terms.BACKGROUND,
        () -> {
          if (!told.get()) {
            throw new StackOverflowError("not told");
          }
          return false;
        });
  }

  @Test
  void whatFailsInTheWorkFails() {
    IllegalStateException failure = new IllegalStateException("work");
    Runnable fails = () -> {
      throw failure;
    };
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class, () -> shares.run(fails, Terms.BACKGROUND, () -> false)));
  }

  @Test
  void aSystemWithoutSharesLetsWorkBeDone() {
    AtomicBoolean done = new AtomicBoolean();
    of(new Scheduling() {
          @Override
          public @Nullable SystemThread current() {
            return null;
          }

          @Override
          public boolean give(SystemThread thread, Share share) {
            throw new AssertionError("there is no thread");
          }

          @Override
          public long nanosRun(SystemThread thread) {
            throw new AssertionError("there is no thread");
          }
        })
        .run(() -> done.set(true), Terms.BACKGROUND, () -> false);
    assertTrue(done.get());
  }

  @Test
  void aBackgroundThreadIsAsNiceAsJavaHasItButLeavesAStepToComeBackFrom() {
    for (Share share : List.of(TENTH, LEFT_OVER)) {
      assertEquals(10, share.nice(0), "Java was not told of priorities");
      assertEquals(10, share.nice(10));
      assertEquals(15, share.nice(15), "who may do little may not have less");
      assertEquals(18, share.nice(19));
    }
    for (int before = -20; before < 20; before++) {
      assertEquals(TENTH.nice(before) + 1, LESS_THAN_A_TENTH.nice(before));
    }
  }

  @Test
  void whoAnswersAndWhoFollowsAreAsNiceAsBeforeAndMore() {
    for (int before : new int[] {-5, 0, 7}) {
      assertEquals(before, SOONER.nice(before));
      assertEquals(before, USUAL.nice(before));
      assertEquals(before + 1, LESS_THAN_USUAL.nice(before));
      assertEquals(before + 5, THIRD.nice(before));
    }
    assertEquals(19, THIRD.nice(19));
  }
}
