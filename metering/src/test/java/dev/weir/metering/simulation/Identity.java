package dev.weir.metering.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/** What makes an event the same event. */
record Identity(UUID tenantId, String source, String id) {

  /** The bytes that break ties: source and id, each after its length, little-endian. */
  String tieBreaker() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String text : new String[] {source, id}) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      bytes.write(utf8.length & 0xff);
      bytes.write(utf8.length >> 8);
      bytes.writeBytes(utf8);
    }
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public String toString() {
    return source + "/" + id;
  }
}
