package dev.weir.rating;

import java.util.List;

/** Some items of a list and how many the whole list has. */
public record Slice<T>(List<T> items, long total) {

  public Slice {
    items = List.copyOf(items);
  }
}
