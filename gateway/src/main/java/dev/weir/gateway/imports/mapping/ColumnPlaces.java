package dev.weir.gateway.imports.mapping;

import dev.weir.gateway.terminal.CommandFailure;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** The columns of a CSV file, by name or as {@code #3} for the third. */
record ColumnPlaces(String file, List<String> header) implements MappingInference.Places {

  ColumnPlaces {
    header = List.copyOf(header);
  }

  @Override
  public OptionalInt column(String place) {
    return OptionalInt.of(require(place));
  }

  /** The column's index from 0; refuses what is no column, or two. */
  int require(String place) {
    String name = place.strip();
    int index = header.indexOf(name);
    if (index >= 0 && Collections.frequency(header, name) == 1) {
      return index;
    }
    if (index >= 0) {
      throw new CommandFailure(
          "%s has more than one column '%s'; name it by its number, such as #%d."
              .formatted(file, name, index + 1));
    }
    if (name.matches("#[0-9]{1,4}")) {
      int number = Integer.parseInt(name.substring(1));
      if (number >= 1 && number <= header.size()) {
        return number - 1;
      }
    }
    throw new CommandFailure(
        "--map names the column '%s', but %s has the columns %s.".formatted(name, file, header));
  }

  @Override
  public String place(int column) {
    String name = header.get(column);
    boolean plain = !name.isEmpty() && Collections.frequency(header, name) == 1;
    return plain ? name : "#" + (column + 1);
  }
}
