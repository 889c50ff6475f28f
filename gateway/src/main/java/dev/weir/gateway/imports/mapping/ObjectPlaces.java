package dev.weir.gateway.imports.mapping;

import dev.weir.gateway.csv.ColumnSample;
import java.util.OptionalInt;

/** The properties of JSON objects, by name or path; the sample's columns are those of the outermost. */
record ObjectPlaces(ColumnSample sample) implements MappingInference.Places {

  @Override
  public OptionalInt column(String place) {
    JsonPlace parsed = JsonPlace.parse(place);
    int index = parsed.steps().size() == 1 ? sample.header().indexOf(parsed.root()) : -1;
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }

  @Override
  public String place(int column) {
    String name = sample.header().get(column);
    return name.startsWith("$") ? "$['" + name + "']" : name;
  }
}
