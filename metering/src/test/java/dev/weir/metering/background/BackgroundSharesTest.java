package dev.weir.metering.background;

import static dev.weir.metering.background.Share.LEFT_OVER;
import static dev.weir.metering.background.Share.LESS_THAN_A_TENTH;
import static dev.weir.metering.background.Share.TENTH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BackgroundSharesTest {

  private static final int THREAD = 4711;

  private final List<Share> given = new ArrayList<>();

  /** Gives everything, or nothing more than before. */
  private final class Recording implements Scheduling {

    private final boolean raises;
    private int nice;

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
      if (share.nice(0) < nice && !raises) {
        return false;
      }
      nice = share.nice(0);
      given.add(share);
      return true;
    }
  }

  private final BackgroundShares shares = new BackgroundShares(new Recording(true));

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
        late::get);
    assertEquals(TENTH, given.get(given.size() - 1), "its end may be waited for");
    int before = given.size();
    shares.look();
    assertEquals(before, given.size(), "another thread may have its number");
  }

  @Test
  void whoMayNotBeRaisedAgainIsNotLowered() {
    BackgroundShares modest = new BackgroundShares(new Recording(false));
    modest.run(modest::look, () -> false);
    assertEquals(List.of(LESS_THAN_A_TENTH), given);
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
        failure, assertThrows(IllegalStateException.class, () -> shares.run(fails, () -> false)));
  }

  @Test
  void aSystemWithoutSharesLetsWorkBeDone() {
    AtomicBoolean done = new AtomicBoolean();
    new BackgroundShares(new Scheduling() {
          @Override
          public int thread() {
            return UNKNOWN;
          }

          @Override
          public boolean give(int thread, Share share) {
            throw new AssertionError("there is no thread");
          }
        })
        .run(() -> done.set(true), () -> false);
    assertTrue(done.get());
  }

  @Test
  void noBackgroundThreadIsPreferredToThoseOfAProcessThatIsNiceItself() {
    assertEquals(10, TENTH.nice(0));
    assertEquals(10, TENTH.nice(-5), "who may do little may not be less nice than the usual");
    assertEquals(15, TENTH.nice(5));
    assertEquals(19, TENTH.nice(12));
    assertEquals(19, LEFT_OVER.nice(0));
    assertEquals(19, LEFT_OVER.nice(5));
  }
}
