package dev.weir.metering.database;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Splits rows so that no statement gets too large, and sends the statements one behind the other. */
public final class Chunks {

  private static final int ROWS_MAX = 4_000;

  private Chunks() {}

  /**
   * The results of a statement for each chunk, in order. The next is sent while the server still works on
   * the one before; on one connection they run in order all the same.
   */
  public static <R, T> Future<List<T>> each(List<R> rows, Function<List<R>, Future<T>> statement) {
    List<Future<T>> results = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += ROWS_MAX) {
      results.add(statement.apply(rows.subList(from, Math.min(rows.size(), from + ROWS_MAX))));
    }
    return Future.all(results).map(done -> results.stream().map(Future::result).toList());
  }
}
