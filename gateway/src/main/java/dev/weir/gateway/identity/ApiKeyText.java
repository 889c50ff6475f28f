package dev.weir.gateway.identity;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** The text of an API key: {@code wk_<32 hex digits of its id>_<48 hex digits of secret>}. */
record ApiKeyText(UUID keyId, String secret) {

  static final String PREFIX = "wk_";

  private static final int ID_FROM = PREFIX.length();
  private static final int ID_MIDDLE = ID_FROM + 16;
  private static final int ID_TO = ID_MIDDLE + 16;
  private static final int SECRET_FROM = ID_TO + 1;
  private static final int LENGTH = SECRET_FROM + Secrets.CHARS;

  /** Every request of a machine brings one, so that no regular expression is run for it. */
  static Optional<ApiKeyText> parse(String text) {
    boolean whole = text.length() == LENGTH
        && text.startsWith(PREFIX)
        && text.charAt(ID_TO) == '_'
        && isLowerHex(text, ID_FROM, ID_TO)
        && isLowerHex(text, SECRET_FROM, LENGTH);
    return whole
        ? Optional.of(new ApiKeyText(
            new UUID(
                HexFormat.fromHexDigitsToLong(text, ID_FROM, ID_MIDDLE),
                HexFormat.fromHexDigitsToLong(text, ID_MIDDLE, ID_TO)),
            text.substring(SECRET_FROM)))
        : Optional.empty();
  }

  private static boolean isLowerHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
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
