package dev.weir.metering.dedup;

import java.io.IOException;

/** What the sealing thread does, without the thread. */
public final class SealerSteps {

  private SealerSteps() {}

  /**
   * Does what has waited longest.
   *
   * @return whether there was anything
   */
  public static boolean step(Identities identities) throws IOException {
    return identities.sealer().step();
  }
}
