package dev.weir.benchmarks.ingest;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds how many events a second a server takes. From a first rate it goes up, or down, by a tenth, then
 * by more and more, until what it keeps up with lies between two rates; then it halves what is between
 * until that is a twentieth. So a good first rate costs three or four trials, and a bad one not many more.
 * What was kept up with for moments is then tried for long, as work that a server puts off, as merging
 * files, catches up with it. If that does not hold, the rate goes down by a twentieth, then by more and
 * more, as the machine may be a slower one by then, and what is between is halved again. Pure but for the
 * trials.
 */
final class CapacitySearch {

  private static final int STEPS_MAX = 40;

  /** Down to a three-hundredth of what was kept up with for moments. */
  private static final int LONG_MAX = 12;

  private static final int FIRST_PART = 10;
  private static final int LARGEST_PART = 2;
  private static final int PRECISION_PART = 20;

  /** Offers a rate for a while. */
  interface Trial {
    boolean keepsUp(long eventsPerSecond, boolean forLong) throws InterruptedException;
  }

  /** A rate that was tried. */
  record Step(long eventsPerSecond, boolean forLong, boolean keptUp) {}

  private final Trial trial;
  private final List<Step> steps = new ArrayList<>();
  private long good;
  private long bad;

  CapacitySearch(Trial trial) {
    this.trial = trial;
  }

  /** The greatest rate tried that the server kept up with for long. */
  long find(long first) throws InterruptedException {
    searchMoments(first);
    holdLong();
    return good;
  }

  private void searchMoments(long first) throws InterruptedException {
    attempt(first, false);
    int part = FIRST_PART;
    while (good == 0) {
      if (bad <= 1 || steps.size() >= STEPS_MAX) {
        throw new IllegalStateException("the server keeps up with no rate at all: " + steps);
      }
      attempt(bad - Math.max(1, bad / part), false);
      part = Math.max(LARGEST_PART, part / 2);
    }
    while (bad == 0 && steps.size() < STEPS_MAX) {
      attempt(good + Math.max(1, good / part), false);
      part = Math.max(LARGEST_PART, part / 2);
    }
    while (bad - good > Math.max(1, good / PRECISION_PART) && steps.size() < STEPS_MAX) {
      attempt(good + (bad - good) / 2, false);
    }
  }

  private void holdLong() throws InterruptedException {
    bad = good;
    int part = PRECISION_PART;
    for (int tried = 1; !keepsUp(good, true); tried++) {
      if (good <= 1 || tried >= LONG_MAX) {
        throw new IllegalStateException("the server keeps up with no rate for long: " + steps);
      }
      bad = good;
      good -= Math.max(1, good / part);
      part = Math.max(LARGEST_PART, part / 2);
    }
    while (bad - good > Math.max(1, bad / PRECISION_PART)) {
      attempt(good + (bad - good) / 2, true);
    }
  }

  private void attempt(long rate, boolean forLong) throws InterruptedException {
    if (keepsUp(rate, forLong)) {
      good = rate;
    } else {
      bad = rate;
    }
  }

  private boolean keepsUp(long rate, boolean forLong) throws InterruptedException {
    boolean keptUp = trial.keepsUp(rate, forLong);
    steps.add(new Step(rate, forLong, keptUp));
    return keptUp;
  }

  /** What was found. */
  long capacity() {
    return good;
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }
}
