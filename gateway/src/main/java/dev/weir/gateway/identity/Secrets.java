package dev.weir.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Random credentials and the digests that are stored of them. Thread-safe if the generator is. */
final class Secrets {

  /** 192 bits: beyond guessing, so that a plain digest is safe to store. */
  private static final int BYTES = 24;

  static final int CHARS = 2 * BYTES;

  private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  private static final int PASSWORD_CHARS = 20;

  private final RandomGenerator random;

  Secrets(RandomGenerator random) {
    this.random = random;
  }

  /** {@link #CHARS} hexadecimal digits. */
  String token() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A password that a person can type and that the rule allows. */
  String password() {
    while (true) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < PASSWORD_CHARS; i++) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      if (PasswordRule.holds(text.toString())) {
        return text.toString();
      }
    }
  }

  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
