package dev.weir.metering.aggregate;

import dev.weir.metering.event.PathTree;
import dev.weir.metering.meter.ActiveMeter;
import java.util.List;

/** All meters of one tenant that count one event type, compiled so that one walk serves them all. */
final class TypeProgram {

  private final PathTree paths = new PathTree();
  private final List<CompiledMeter> meters;

  TypeProgram(List<ActiveMeter> meters) {
    this.meters =
        meters.stream().map(active -> new CompiledMeter(active, paths)).toList();
  }

  PathTree paths() {
    return paths;
  }

  List<CompiledMeter> meters() {
    return meters;
  }
}
