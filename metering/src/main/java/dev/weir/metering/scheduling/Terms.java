package dev.weir.metering.scheduling;

/** What a thread gets that somebody looks after: while its work is in time, and while it is late. */
enum Terms {
  /** Of who follows what is acknowledged, at a short distance. */
  FOLLOWING(Share.THIRD, Share.USUAL, Share.LESS_THAN_USUAL),

  /** Of who works on what can wait. */
  BACKGROUND(Share.LEFT_OVER, Share.TENTH, Share.LESS_THAN_A_TENTH);

  private final Share inTime;
  private final Share late;
  private final Share probe;

  Terms(Share inTime, Share late, Share probe) {
    this.inTime = inTime;
    this.late = late;
    this.probe = probe;
  }

  Share inTime() {
    return inTime;
  }

  /** Until the first look, too. */
  Share late() {
    return late;
  }

  /** A little less than that: who can come back from it may be given less still. */
  Share probe() {
    return probe;
  }
}
