package dev.weir.metering.simulation.disk;

/** The process ends here; nobody may catch it and go on. */
public final class SimulatedCrash extends Error {

  SimulatedCrash() {
    super("simulated crash", null, false, false);
  }
}
