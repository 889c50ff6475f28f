package dev.weir.metering.archive;

final class DirectoryUpkeepTest extends UpkeepContract {

  @Override
  ArchiveTarget open(String name) {
    return new DirectoryTarget(directory.resolve("archives").resolve(name));
  }

  @Override
  int cutStep() {
    return 1;
  }
}
