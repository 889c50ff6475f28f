package dev.weir.metering;

import java.util.UUID;

/** Source of new identifiers; injected so that the domain stays deterministic. Thread-safe. */
@FunctionalInterface
public interface Ids {

  /** A fresh id, unique for good. */
  UUID next();
}
