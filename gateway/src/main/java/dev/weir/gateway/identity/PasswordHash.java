package dev.weir.gateway.identity;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Argon2id (RFC 9106) hashes as PHC strings, {@code $argon2id$v=19$m=…,t=…,p=…$salt$hash}. The string
 * is written and read here because the library's own way depends on the default locale. Blocking:
 * tens of milliseconds and as many KiB as {@code m} says.
 */
final class PasswordHash {

  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int PARALLELISM = 1;
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int MEMORY_KIB_MAX = 1_048_576;

  private static final Pattern PHC =
      Pattern.compile("\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})"
          + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  private PasswordHash() {}

  static String of(String password, RandomGenerator random) {
    byte[] salt = bytes(SALT_BYTES, random);
    return phc(
        salt,
        function(MEMORY_KIB, PASSES, PARALLELISM, HASH_BYTES)
            .hash(utf8(password), salt)
            .getBytes());
  }

  /** A hash that costs as much to check as any other, and that no password has. */
  static String decoy(RandomGenerator random) {
    return phc(bytes(SALT_BYTES, random), bytes(HASH_BYTES, random));
  }

  private static String phc(byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB,
            PASSES,
            PARALLELISM,
            base64.encodeToString(salt),
            base64.encodeToString(hash));
  }

  private static byte[] bytes(int count, RandomGenerator random) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  static boolean matches(String password, String phc) {
    Matcher parts = PHC.matcher(phc);
    if (!parts.matches() || Integer.parseInt(parts.group(1)) > MEMORY_KIB_MAX) {
      throw new IllegalStateException("a stored password hash is not an argon2id PHC string");
    }
    byte[] salt = Base64.getDecoder().decode(parts.group(4));
    byte[] expected = Base64.getDecoder().decode(parts.group(5));
    Argon2Function function = function(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)),
        expected.length);
    return MessageDigest.isEqual(expected, function.hash(utf8(password), salt).getBytes());
  }

  private static Argon2Function function(int memory, int passes, int parallelism, int bytes) {
    return Argon2Function.getInstance(
        memory, passes, parallelism, bytes, Argon2.ID, Argon2Function.ARGON2_VERSION_13);
  }

  private static byte[] utf8(String password) {
    return password.getBytes(StandardCharsets.UTF_8);
  }
}
