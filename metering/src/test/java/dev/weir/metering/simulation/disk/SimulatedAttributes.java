package dev.weir.metering.simulation.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** What is known of a file; nothing under test may rely on its times. */
record SimulatedAttributes(boolean isDirectory, long size) implements BasicFileAttributes {

  private static final FileTime NO_TIME = FileTime.fromMillis(0);

  @Override
  public FileTime lastModifiedTime() {
    return NO_TIME;
  }

  @Override
  public FileTime lastAccessTime() {
    return NO_TIME;
  }

  @Override
  public FileTime creationTime() {
    return NO_TIME;
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public Object fileKey() {
    return null;
  }
}
