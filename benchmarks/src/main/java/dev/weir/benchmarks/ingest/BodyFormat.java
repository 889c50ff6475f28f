package dev.weir.benchmarks.ingest;

/** How several events stand in one body. */
public enum BodyFormat {
  /** A line for each. */
  NDJSON("application/x-ndjson"),
  /** A JSON array. */
  ARRAY("application/json");

  private final String type;

  BodyFormat(String type) {
    this.type = type;
  }

  String type() {
    return type;
  }
}
