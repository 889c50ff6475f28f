package dev.weir.metering.meter;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people call a meter and note with it. No part of what it counts, so it may change at any time.
 *
 * @param name null where the key serves as one
 * @param metadata whatever its owner wants to keep with it, in name order
 */
public record MeterLabel(
    @Nullable String name, @Nullable String description, SortedMap<String, String> metadata) {

  public static final MeterLabel NONE = new MeterLabel(null, null, new TreeMap<>());

  /** Longest name, in characters. */
  public static final int NAME_CHARS_MAX = 256;

  /** Most entries of the metadata. */
  public static final int METADATA_MAX = 50;

  public MeterLabel {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
  }

  /** A label with a description alone. */
  public static MeterLabel describing(@Nullable String description) {
    return description == null ? NONE : new MeterLabel(null, description, NONE.metadata);
  }
}
