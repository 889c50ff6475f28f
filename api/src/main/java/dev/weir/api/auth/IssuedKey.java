package dev.weir.api.auth;

/**
 * A key at the one moment its text is known.
 *
 * @param text the whole credential, {@code wk_<keyid>_<secret>}
 */
public record IssuedKey(ApiKey key, String text) {

  @Override
  public String toString() {
    return "IssuedKey[key=" + key + "]";
  }
}
