package dev.weir.gateway;

import org.jspecify.annotations.Nullable;

/** Which Weir this is. */
final class Version {

  private Version() {}

  /** The version in the jar's manifest; "development" outside a jar. */
  static String text() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
