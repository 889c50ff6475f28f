package dev.weir.benchmarks.harness;

/**
 * An option of the command line.
 *
 * @param name without the dashes
 * @param form of its value, as help shows it; empty for a flag, which has none
 * @param fallback its value when it is not given
 */
public record Option(String name, String form, String fallback, String meaning) {

  public Option {
    if (!name.matches("[a-z][a-z-]*")) {
      throw new IllegalArgumentException("no name of an option: " + name);
    }
  }

  /** An option that is there or not. */
  public static Option flag(String name, String meaning) {
    return new Option(name, "", "", meaning);
  }

  /** The same with another value when it is not given. */
  public Option withFallback(String other) {
    return new Option(name, form, other, meaning);
  }

  boolean isFlag() {
    return form.isEmpty();
  }

  String help() {
    String words = isFlag() ? "--" + name : "--" + name + " " + form;
    String otherwise = fallback.isEmpty() ? "" : " (" + fallback + ")";
    return "  " + words + " ".repeat(Math.max(1, 24 - words.length())) + meaning + otherwise;
  }
}
