package dev.weir.gateway.imports.reading;

/** What a file holds. */
public enum FileFormat {
  /** Records of cells. */
  CSV,
  /** Objects, one a line. */
  NDJSON;

  /** Looks at the first byte that is no blank: an object begins with a brace, a header does not. */
  static FileFormat of(byte[] head) {
    for (byte b : head) {
      boolean skipped = b == ' ' || b == '\t' || b == '\r' || b == '\n' || (b & 0xFF) >= 0xBB;
      if (!skipped) {
        return b == '{' ? NDJSON : CSV;
      }
    }
    return CSV;
  }
}
