package dev.weir.gateway.config;

/** How a log line looks on standard error. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** One JSON object a line, for collectors. */
  JSON
}
