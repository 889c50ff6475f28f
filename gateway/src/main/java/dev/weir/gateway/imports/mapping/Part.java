package dev.weir.gateway.imports.mapping;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The parts of an event that are not its data. */
public enum Part {
  ID,
  SUBJECT,
  TIME,
  TYPE,
  SOURCE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Part> of(String label) {
    return Stream.of(values()).filter(part -> part.label().equals(label)).findFirst();
  }
}
