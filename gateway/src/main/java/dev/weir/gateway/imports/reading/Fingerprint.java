package dev.weir.gateway.imports.reading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a content is, wherever it is stored and however it is packed.
 *
 * @param sha256 of all its bytes, in hexadecimal
 * @param bytes how many they are
 */
public record Fingerprint(String sha256, long bytes) {

  /** Half of the digits: enough that no two contents ever share them. */
  private static final int ID_DIGITS = 32;

  /** Reads everything: a second for each gigabyte or so, which is a small part of sending it. */
  public static Fingerprint of(Input input) throws IOException {
    MessageDigest digest = newDigest();
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream stream = input.open().stream()) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
        bytes += read;
      }
    }
    return new Fingerprint(HexFormat.of().formatHex(digest.digest()), bytes);
  }

  /** The SHA-256 of a text, in hexadecimal. */
  public static String ofText(String text) {
    byte[] digest = newDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** What ids made from this content begin with. */
  public String idPrefix() {
    return sha256.substring(0, ID_DIGITS);
  }
}
