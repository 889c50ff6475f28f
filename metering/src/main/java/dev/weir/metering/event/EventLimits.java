package dev.weir.metering.event;

/**
 * Bounds of one ingest request.
 *
 * @param eventsMax events a request
 * @param bodyBytesMax bytes of the body after decompression
 */
public record EventLimits(int eventsMax, int bodyBytesMax) {

  public static final EventLimits DEFAULT = new EventLimits(10_000, 8 * 1024 * 1024);

  /** Longest id and source, in UTF-8 bytes. */
  public static final int IDENTITY_BYTES_MAX = 1_024;

  /** Longest type and subject, in UTF-8 bytes. */
  public static final int NAME_BYTES_MAX = 512;

  /** Longest value of a group-by dimension, in characters. */
  public static final int GROUP_VALUE_CHARS_MAX = 512;

  /** Most bytes that all extension attributes of one event may take. */
  public static final int EXTENSIONS_BYTES_MAX = 8 * 1_024;
}
