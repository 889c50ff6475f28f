package dev.weir.gateway.config;

import dev.weir.gateway.identity.PasswordRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sign-in: the key of tokens, the first administrator, and hashing passwords. */
final class IdentitySettings {

  private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,255}");
  private static final int SECRET_BYTES_MIN = 32;

  static final Setting<Optional<String>> JWT_SECRET = Setting.secret(
      "jwt.secret",
      "Key that signs access tokens; empty generates one, kept in DIR/jwt-secret.",
      "at least 32 bytes of UTF-8",
      text ->
          Setting.require(text, text.getBytes(StandardCharsets.UTF_8).length >= SECRET_BYTES_MIN));

  static final Setting<String> ADMIN_EMAIL = Setting.text(
      "admin.email",
      "admin@weir.local",
      "Who the first administrator of an empty database is.",
      "an email address",
      text -> Setting.matching(EMAIL).apply(text).toLowerCase(Locale.ROOT));

  static final Setting<Optional<String>> ADMIN_PASSWORD = Setting.secret(
      "admin.password",
      "The first administrator's password; empty generates one, kept in DIR/admin-credentials.",
      PasswordRule.TEXT,
      text -> Setting.require(text, PasswordRule.holds(text)));

  static final Setting<Integer> PASSWORD_THREADS = Setting.wholeNumber(
      "password.threads", "2", 1, 64, "Threads that hash passwords, 19 MiB each.");

  static final Setting<Integer> PASSWORD_QUEUE = Setting.wholeNumber(
      "password.queue.max",
      "64",
      1,
      10_000,
      "Sign-ins that may wait for one of them; more are refused with 429.");

  /** In the order that help shows them. */
  static final List<Setting<?>> ALL =
      List.of(JWT_SECRET, ADMIN_EMAIL, ADMIN_PASSWORD, PASSWORD_THREADS, PASSWORD_QUEUE);

  private IdentitySettings() {}

  static WeirConfig.Identity read(Values values) {
    return new WeirConfig.Identity(
        values.of(JWT_SECRET),
        values.of(ADMIN_EMAIL),
        values.of(ADMIN_PASSWORD),
        values.of(PASSWORD_THREADS),
        values.of(PASSWORD_QUEUE));
  }
}
