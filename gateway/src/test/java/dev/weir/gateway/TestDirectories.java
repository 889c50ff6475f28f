package dev.weir.gateway;

import java.nio.file.Path;

/** Places that tests share. */
public final class TestDirectories {

  private TestDirectories() {}

  /** Where PostgreSQL's programs are unpacked, once for all tests. */
  public static Path programs() {
    return Path.of("target", "postgres-programs").toAbsolutePath();
  }

  /** The root of the source tree. */
  public static Path root() {
    return Path.of(System.getProperty("weir.root", ".."));
  }
}
