package dev.weir.metering.archive;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a journal or its archive.
 *
 * @param place a file, or an object in the archive
 * @param lane -1 when it is no lane's
 * @param cycle the cycle's name, null when it is no cycle's
 * @param offset in the file; -1 when it is no byte's
 * @param afterSequence the last sequence of the lane before it; -1 when it is not known
 */
public record CheckProblem(
    String place, int lane, @Nullable String cycle, long offset, long afterSequence, String what) {

  /** One line for people. */
  public String text() {
    StringBuilder text = new StringBuilder(place);
    if (offset >= 0) {
      text.append(", offset ").append(offset);
    }
    if (lane >= 0) {
      text.append(", lane ").append(lane);
    }
    if (cycle != null) {
      text.append(", cycle ").append(cycle);
    }
    if (afterSequence >= 0) {
      text.append(", after sequence ").append(afterSequence);
    }
    return text.append(": ").append(what).toString();
  }
}
