package dev.weir.gateway.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.zip.GZIPOutputStream;

/** Compresses bodies. One thread at a time. */
final class Gzip {

  /** Its array can be sent without a copy. */
  private static final class Bytes extends ByteArrayOutputStream {

    private BodyPublisher publisher() {
      return BodyPublishers.ofByteArray(buf, 0, count);
    }
  }

  private final Bytes bytes = new Bytes();

  /** Good until the next call. */
  BodyPublisher compressed(ByteWriter body) throws IOException {
    bytes.reset();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body.array(), 0, body.length());
    }
    return bytes.publisher();
  }
}
