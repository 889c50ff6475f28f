package dev.weir.benchmarks.load;

/** Looks into answers without making objects of them. */
public final class AnswerText {

  private AnswerText() {}

  /** The place behind the first occurrence of a word in the first {@code length} bytes; -1 if none. */
  public static int behind(byte[] word, byte[] bytes, int length) {
    for (int i = 0; i + word.length <= length; i++) {
      int matched = 0;
      while (matched < word.length && bytes[i + matched] == word[matched]) {
        matched++;
      }
      if (matched == word.length) {
        return i + matched;
      }
    }
    return -1;
  }
}
