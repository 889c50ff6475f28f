package dev.weir.metering.explorer.run;

/** Sorts places in arrays by what stands there. Stable; needs as much room again as the places. */
final class IndexSort {

  private static final int SHORT = 12;

  private IndexSort() {}

  /** Compares what stands at two places. */
  @FunctionalInterface
  interface Order {
    int compare(int i, int j);
  }

  /** The numbers from 0 up to a count, sorted. */
  static int[] sorted(int count, Order order) {
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = i;
    }
    sort(places, places.clone(), 0, count, order);
    return places;
  }

  /** Sorts a range of the target; the source holds the same places. */
  private static void sort(int[] target, int[] source, int from, int to, Order order) {
    if (to - from <= SHORT) {
      insert(target, from, to, order);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(source, target, from, middle, order);
    sort(source, target, middle, to, order);
    if (order.compare(source[middle - 1], source[middle]) <= 0) {
      System.arraycopy(source, from, target, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right >= to || (left < middle && order.compare(source[left], source[right]) <= 0);
      target[i] = takeLeft ? source[left++] : source[right++];
    }
  }

  private static void insert(int[] target, int from, int to, Order order) {
    for (int i = from + 1; i < to; i++) {
      int place = target[i];
      int at = i;
      while (at > from && order.compare(target[at - 1], place) > 0) {
        target[at] = target[at - 1];
        at--;
      }
      target[at] = place;
    }
  }
}
