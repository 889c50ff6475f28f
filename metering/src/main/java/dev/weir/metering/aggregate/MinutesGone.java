package dev.weir.metering.aggregate;

/** The minutes went while a window in them was folded anew: what was found is of no use any more. */
public final class MinutesGone extends IllegalStateException {

  MinutesGone() {
    super("minutes were dropped meanwhile");
  }
}
