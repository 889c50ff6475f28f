package dev.weir.rating.catalog;

import dev.weir.metering.Refusal;
import dev.weir.rating.RatingError;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys are the names users give to resources; they stand in paths beside ids, so a key must not look
 * like an id.
 */
final class Keys {

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}");
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Keys() {}

  static void check(String key, String field) {
    if (!KEY.matcher(key).matches() || ID.matcher(key).matches()) {
      throw new Refusal(
          RatingError.KEY_INVALID,
          field,
          ("'%s' must start with a letter or digit, hold only letters, digits and . _ : @ - , be at"
                  + " most 128 characters long and not be a UUID.")
              .formatted(field));
    }
  }

  /** The id that the text is, or null when it is a key. */
  static @Nullable UUID idOf(String idOrKey) {
    return ID.matcher(idOrKey).matches() ? UUID.fromString(idOrKey) : null;
  }
}
