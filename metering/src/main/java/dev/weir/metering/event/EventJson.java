package dev.weir.metering.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;

/**
 * The one way to read events, at ingest and again when the journal is folded: what was accepted must
 * read back by the same rules, years later.
 */
public final class EventJson {

  /** Levels at which the parser gives up, far beyond what any event may have. */
  static final int DEPTH_MAX = 10_000;

  private static final int LENGTH_MAX = 256 * 1024 * 1024;

  /**
   * Reads UTF-8 only. NaN and Infinity are read so that only their event is rejected, not the request;
   * long numbers, texts and names likewise, as the body is bounded and each is measured before it is
   * converted. Crafted names that collide in the parser's symbol table cost time, never an exception.
   */
  public static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
      .disable(JsonFactory.Feature.CHARSET_DETECTION)
      .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(DEPTH_MAX)
          .maxNumberLength(LENGTH_MAX)
          .maxStringLength(LENGTH_MAX)
          .maxNameLength(LENGTH_MAX)
          .build())
      .build();

  private EventJson() {}
}
