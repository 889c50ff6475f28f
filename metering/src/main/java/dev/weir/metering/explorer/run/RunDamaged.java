package dev.weir.metering.explorer.run;

import java.nio.file.Path;

/** A run does not read back as it was written, or is gone: it must be built again. Names the place. */
public final class RunDamaged extends RuntimeException {

  private final Path run;

  public RunDamaged(Path run, String fault) {
    super("%s: %s".formatted(run, fault));
    this.run = run;
  }

  /** The file. */
  public Path run() {
    return run;
  }
}
