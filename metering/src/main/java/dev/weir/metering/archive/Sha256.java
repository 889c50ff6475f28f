package dev.weir.metering.archive;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java has. */
final class Sha256 {

  private static final int BUFFER_BYTES = 128 * 1024;

  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a whole stream, which stays open. */
  static String of(InputStream stream) throws IOException {
    MessageDigest digest = start();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return hex(digest);
  }
}
