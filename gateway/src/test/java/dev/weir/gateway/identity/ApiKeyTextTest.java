package dev.weir.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTextTest {

  @Test
  void isReadBackAsItWasWritten() {
    ApiKeyText key =
        new ApiKeyText(new UUID(0x8000000000000001L, -1L), new Secrets(new SecureRandom()).token());
    assertEquals(Optional.of(key), ApiKeyText.parse(key.text()));
    assertFalse(key.toString().contains(key.secret()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wk_",
        "wk_1_2",
        "wk_00000000000000000000000000000000_",
        "wk_00000000000000000000000000000000_00000000000000000000000000000000000000000000000",
        "wk_00000000000000000000000000000000_0000000000000000000000000000000000000000000000000",
        "wk_0000000000000000000000000000000G_000000000000000000000000000000000000000000000000",
        "wk_00000000000000000000000000000000-000000000000000000000000000000000000000000000000",
        "wk_00000000000000000000000000000000_00000000000000000000000000000000000000000000000:",
        "wk_/0000000000000000000000000000000_000000000000000000000000000000000000000000000000",
        "wk_00000000000000000000000000000000_`00000000000000000000000000000000000000000000000",
        "WK_00000000000000000000000000000000_000000000000000000000000000000000000000000000000"
      })
  void anythingElseIsNoKey(String text) {
    assertEquals(Optional.empty(), ApiKeyText.parse(text));
  }
}
