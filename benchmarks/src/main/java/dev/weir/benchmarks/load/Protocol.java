package dev.weir.benchmarks.load;

/** What is spoken on a connection, in clear text. */
public enum Protocol {
  /** HTTP/1.1, kept alive, one request under way on a connection. */
  H1,
  /** HTTP/2 with prior knowledge, many requests under way on a connection. */
  H2C
}
