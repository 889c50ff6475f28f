package dev.weir.metering.archive;

import java.util.regex.Pattern;

/** Which names an archive takes: parts of letters, digits, {@code . _ -}, joined by slashes. */
final class ObjectName {

  private static final int LENGTH_MAX = 512;
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  private ObjectName() {}

  /** Gives the name back, or throws {@link IllegalArgumentException}. */
  static String check(String name) {
    if (name.length() > LENGTH_MAX || !FORM.matcher(name).matches()) {
      throw new IllegalArgumentException("'%s' is no name of an archived object".formatted(name));
    }
    return name;
  }
}
