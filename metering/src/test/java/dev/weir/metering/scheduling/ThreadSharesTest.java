package dev.weir.metering.scheduling;

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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ThreadSharesTest {

  private static final int THREAD = 4711;

  private final List<Share> given = new ArrayList<>();

  /** Gives everything, or nothing more than before. */
  private final class Recording implements Scheduling {

    private final boolean raises;
    private Share had = Share.USUAL;

    Recording(boolean raises) {
      this.raises = raises;
    }

    @Override
    public int thread() {
      return THREAD;
    }

    @Override
    public boolean give(int thread, Share share) {
      assertEquals(THREAD, thread);
      boolean raised = share.nice(0) < had.nice(0) || (had.isIdle() && !share.isIdle());
      if (raised && !raises) {
        return false;
      }
      had = share;
      given.add(share);
      return true;
    }
  }

  private final ThreadShares shares = new ThreadShares(new Recording(true));

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

  @Test
  void aShareIsGivenForGood() {
    shares.give(SOONER);
    shares.look();
    assertEquals(List.of(SOONER), given);
  }

  @Test
  void whoMayNotBeRaisedAgainIsNotLowered() {
    ThreadShares modest = new ThreadShares(new Recording(false));
    modest.run(modest::look, Terms.BACKGROUND, () -> false);
    assertEquals(List.of(LESS_THAN_A_TENTH), given);
    given.clear();
    new ThreadShares(new Recording(false)).run(modest::look, Terms.FOLLOWING, () -> false);
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
    new ThreadShares(new Scheduling() {
          @Override
          public int thread() {
            return UNKNOWN;
          }

          @Override
          public boolean give(int thread, Share share) {
            throw new AssertionError("there is no thread");
          }
        })
        .run(() -> done.set(true), Terms.BACKGROUND, () -> false);
    assertTrue(done.get());
  }

  @Test
  void noBackgroundThreadIsPreferredToThoseOfAProcessThatIsNiceItself() {
    assertEquals(10, TENTH.nice(0));
    assertEquals(10, TENTH.nice(-5), "as Java has it, and who may do little may not have less");
    assertEquals(15, TENTH.nice(5));
    assertEquals(19, TENTH.nice(12));
  }

  @Test
  void whoAnswersAndWhoFollowsAreAsNiceAsTheProcessAndMore() {
    for (int usual : new int[] {-5, 0, 7}) {
      assertEquals(usual, SOONER.nice(usual));
      assertEquals(usual, USUAL.nice(usual));
      assertEquals(usual + 5, THIRD.nice(usual));
    }
    assertEquals(19, THIRD.nice(19));
  }
}
