package dev.weir.gateway.http;

/**
 * Bounds of a connection.
 *
 * @param receiveMillis from a request's first byte to its last
 * @param idleSeconds without a byte in either direction
 * @param controlBodyBytesMax body of a request that is not ingest
 * @param answerMillis until a control route must have answered
 */
public record HttpLimits(
    int headerBytesMax,
    int firstLineBytesMax,
    long receiveMillis,
    int idleSeconds,
    long controlBodyBytesMax,
    long answerMillis) {

  public static final HttpLimits STANDARD =
      new HttpLimits(16 * 1024, 8 * 1024, 30_000, 60, 1024 * 1024, 30_000);
}
