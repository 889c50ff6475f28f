package dev.weir.gateway.client;

/** How many events become one request body. */
public enum BodyFormat {
  /** One event a line; a line that is not JSON spoils only itself. */
  NDJSON("application/x-ndjson", "", '\n', "\n"),
  /** One JSON array; malformed JSON would spoil the whole request. */
  JSON("application/cloudevents-batch+json", "[", ',', "]");

  private final String contentType;
  private final String opening;
  private final char separator;
  private final String closing;

  BodyFormat(String contentType, String opening, char separator, String closing) {
    this.contentType = contentType;
    this.opening = opening;
    this.separator = separator;
    this.closing = closing;
  }

  public String contentType() {
    return contentType;
  }

  /** Call before each event: writes what stands between the last event and this one. */
  public void beforeEvent(EventBatch batch) {
    if (batch.events() == 0) {
      batch.body().text(opening);
    } else {
      batch.body().ascii(separator);
    }
  }

  /** Call once after the last event of a batch that has any. */
  public void end(EventBatch batch) {
    batch.body().text(closing);
  }
}
