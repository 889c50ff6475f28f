package dev.weir.metering.archive;

import java.util.concurrent.atomic.AtomicInteger;

final class S3UpkeepIT extends UpkeepContract {

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final String prefix = "upkeep-" + RUNS.incrementAndGet() + "/";

  @Override
  ArchiveTarget open(String name) {
    return new S3Target(S3Server.shared().options(prefix + name + "/"));
  }

  @Override
  int cutStep() {
    return 5;
  }
}
