package dev.weir.gateway.imports;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How files are written; what is null is found out.
 *
 * @param columns names of the columns of a CSV file that has no header line
 */
record ReadOptions(
    @Nullable FileFormat format,
    @Nullable Character delimiter,
    Charset charset,
    @Nullable List<String> columns) {

  ReadOptions {
    columns = columns == null ? null : List.copyOf(columns);
  }
}
