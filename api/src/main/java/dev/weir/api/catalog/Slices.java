package dev.weir.api.catalog;

import dev.weir.api.http.Answers;
import dev.weir.rating.Slice;

/** Turns the domain's slices into pages of the wire. */
final class Slices {

  private Slices() {}

  static <T> Answers.PageOf<T> page(Slice<T> slice) {
    return new Answers.PageOf<>(slice.items(), slice.total());
  }
}
