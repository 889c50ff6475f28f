package dev.weir.benchmarks.ingest;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds how many events a second a server takes: the rate grows by half until it no longer keeps up,
 * then what is between is halved twice. It keeps up when 98 % of what is due is answered in its time and
 * 99 % of the answers come within a second. Pure but for the trials.
 */
final class CapacitySearch {

  private static final int STEPS_MAX = 40;
  private static final int HALVINGS = 2;

  /** Offers a rate for a while. */
  interface Trial {
    boolean keepsUp(long eventsPerSecond) throws InterruptedException;
  }

  /** A rate that was tried. */
  record Step(long eventsPerSecond, boolean keptUp) {}

  private final Trial trial;
  private final List<Step> steps = new ArrayList<>();
  private long good;

  CapacitySearch(Trial trial) {
    this.trial = trial;
  }

  /** The greatest rate tried that the server kept up with. */
  long find(long first) throws InterruptedException {
    long rate = first;
    while (!attempt(rate)) {
      rate /= 2;
      if (rate == 0 || steps.size() >= STEPS_MAX) {
        throw new IllegalStateException("the server keeps up with no rate at all: " + steps);
      }
    }
    // Known not to be kept up with, if the first rate was too high; else it has to be found.
    long bad = steps.size() > 1 ? steps.get(steps.size() - 2).eventsPerSecond() : 0;
    while (bad == 0) {
      long next = good + Math.max(1, good / 2);
      if (steps.size() >= STEPS_MAX || !attempt(next)) {
        bad = next;
      }
    }
    for (int i = 0; i < HALVINGS && bad - good > 1; i++) {
      long middle = good + (bad - good) / 2;
      if (!attempt(middle)) {
        bad = middle;
      }
    }
    return good;
  }

  private boolean attempt(long rate) throws InterruptedException {
    boolean keptUp = trial.keepsUp(rate);
    steps.add(new Step(rate, keptUp));
    if (keptUp) {
      good = Math.max(good, rate);
    }
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
