package dev.weir.gateway.imports.reading;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How files are written; what is null is found out.
 *
 * @param columns names of the columns of a CSV file that has no header line
 */
public record ReadOptions(
    @Nullable FileFormat format,
    @Nullable Character delimiter,
    Charset charset,
    @Nullable List<String> columns) {

  public ReadOptions {
    columns = columns == null ? null : List.copyOf(columns);
  }
}
