package dev.weir.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void agreesWithTheReferenceImplementation() {
    // From the test suite of the reference implementation of Argon2.
    assertTrue(PasswordHash.matches(
        "password",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));
  }

  @Test
  void isAPhcStringWithTheDeclaredCost() {
    String hash = PasswordHash.of("Secret123", RANDOM);
    assertTrue(
        hash.matches(
            "\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}"),
        hash);
    assertTrue(PasswordHash.matches("Secret123", hash));
    assertFalse(PasswordHash.matches("secret123", hash));
    assertFalse(PasswordHash.matches("", hash));
  }

  @Test
  void saltsEveryHash() {
    assertNotEquals(PasswordHash.of("Secret123", RANDOM), PasswordHash.of("Secret123", RANDOM));
  }

  @Test
  void refusesAStoredValueThatIsNoHash() {
    assertThrows(IllegalStateException.class, () -> PasswordHash.matches("x", "plain"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Abcdefg1", "ÄÖÜäöü12", "Secret 123", "PASSWORDs1"})
  void allowsPasswordsWithAllThreeKinds(String password) {
    assertTrue(PasswordRule.holds(password));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Abcdef1", "abcdefg1", "ABCDEFG1", "Abcdefgh", "12345678"})
  void refusesWeakPasswords(String password) {
    assertFalse(PasswordRule.holds(password));
  }

  @Test
  void boundsTheLength() {
    assertTrue(PasswordRule.holds("Aa1" + "x".repeat(253)));
    assertFalse(PasswordRule.holds("Aa1" + "x".repeat(254)));
  }

  @Test
  void generatedPasswordsFollowTheRule() {
    Secrets secrets = new Secrets(RANDOM);
    for (int i = 0; i < 1_000; i++) {
      assertTrue(PasswordRule.holds(secrets.password()));
    }
    assertEquals(Secrets.CHARS, secrets.token().length());
  }
}
