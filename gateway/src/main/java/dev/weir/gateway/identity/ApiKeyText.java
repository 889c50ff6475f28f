package dev.weir.gateway.identity;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of an API key: {@code wk_<32 hex digits of its id>_<48 hex digits of secret>}. */
record ApiKeyText(UUID keyId, String secret) {

  static final String PREFIX = "wk_";

  private static final Pattern FORM =
      Pattern.compile("wk_([0-9a-f]{16})([0-9a-f]{16})_([0-9a-f]{" + Secrets.CHARS + "})");

  static Optional<ApiKeyText> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(new ApiKeyText(
            new UUID(
                HexFormat.fromHexDigitsToLong(parts.group(1)),
                HexFormat.fromHexDigitsToLong(parts.group(2))),
            parts.group(3)))
        : Optional.empty();
  }

  /** The whole credential; show it once. */
  String text() {
    HexFormat hex = HexFormat.of();
    return PREFIX
        + hex.toHexDigits(keyId.getMostSignificantBits())
        + hex.toHexDigits(keyId.getLeastSignificantBits())
        + "_"
        + secret;
  }

  @Override
  public String toString() {
    return "ApiKeyText[" + keyId + "]";
  }
}
