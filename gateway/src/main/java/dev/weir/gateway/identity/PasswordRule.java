package dev.weir.gateway.identity;

import dev.weir.api.auth.AuthError;
import dev.weir.metering.Refusal;

/** Which passwords are allowed. The upper bound keeps hashing cheap to ask for. */
public final class PasswordRule {

  public static final int LENGTH_MIN = 8;
  public static final int LENGTH_MAX = 256;

  public static final String TEXT =
      "8 to 256 characters with an upper-case letter, a lower-case letter and a digit";

  private PasswordRule() {}

  public static boolean holds(String password) {
    return password.length() >= LENGTH_MIN
        && password.length() <= LENGTH_MAX
        && password.chars().anyMatch(Character::isUpperCase)
        && password.chars().anyMatch(Character::isLowerCase)
        && password.chars().anyMatch(Character::isDigit);
  }

  /** Refuses with PASSWORD_TOO_WEAK, naming the field. */
  public static void check(String password, String field) {
    if (!holds(password)) {
      throw new Refusal(
          AuthError.PASSWORD_TOO_WEAK, field, "'%s' must be %s.".formatted(field, TEXT));
    }
  }
}
