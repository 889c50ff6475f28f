package dev.weir.gateway.imports.mapping;

import dev.weir.gateway.csv.ColumnSample;
import dev.weir.gateway.imports.mapping.EventMapping.Property;
import dev.weir.gateway.imports.mapping.MappingRequest.From;
import dev.weir.gateway.rows.ValueKind;
import dev.weir.gateway.terminal.CommandFailure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Completes what the user said of a mapping by what the first rows show. Names decide who and which;
 * the time is a column of times, by name if there is one; without a word about data, all that is left
 * is data. What cannot be told is refused rather than guessed: a type, a subject, a time. Pure.
 */
public final class MappingInference {

  private static final List<String> ID_NAMES = List.of("id", "event_id");
  private static final List<String> TYPE_NAMES = List.of("type", "event_type");
  private static final List<String> TIME_NAMES =
      List.of("time", "timestamp", "event_time", "created_at", "occurred_at");
  private static final List<String> SUBJECT_NAMES =
      List.of("subject", "customer", "customer_id", "customer_key", "account", "account_id");
  private static final String SOURCE = "import";

  private final String file;
  private final MappingRequest said;
  private final ColumnSample sample;
  private final Places names;
  private final Map<Part, String> places = new EnumMap<>(Part.class);
  private final Map<Part, String> constants = new EnumMap<>(Part.class);
  private final Set<Integer> used = new HashSet<>();

  /** How columns are named, and what the rest is. */
  interface Places {

    /** The column that a name means, or none if it is not one of the sample's; may refuse. */
    OptionalInt column(String place);

    /** The name that means a column. */
    String place(int column);
  }

  private MappingInference(String file, MappingRequest said, ColumnSample sample, Places names) {
    this.file = file;
    this.said = said;
    this.sample = sample;
    this.names = names;
  }

  /** For a file whose rows have the columns of the sample. */
  public static EventMapping ofColumns(String file, MappingRequest said, ColumnSample sample) {
    ColumnPlaces names = new ColumnPlaces(file, sample.header());
    MappingInference inference = new MappingInference(file, said, sample, names);
    inference.parts();
    return inference.mapping(inference.columns(), false);
  }

  /** For a file of objects: what is not mapped is taken over as it is. */
  public static EventMapping ofObjects(String file, MappingRequest said, ColumnSample sample) {
    ObjectPlaces names = new ObjectPlaces(sample);
    MappingInference inference = new MappingInference(file, said, sample, names);
    inference.parts();
    List<Property> properties = new ArrayList<>();
    said.data()
        .forEach((name, from) -> properties.add(new Property(name, from.place(), from.kind())));
    return inference.mapping(properties, said.allOther() || properties.isEmpty());
  }

  private EventMapping mapping(List<Property> properties, boolean allOther) {
    return new EventMapping(places, constants, properties, allOther, said.timeFormat());
  }

  private void parts() {
    said.places().forEach((part, place) -> {
      if (!place.equals(MappingRequest.MADE)) {
        places.put(part, place);
        names.column(place).ifPresent(used::add);
      }
    });
    constants.putAll(said.constants());
    said.data().values().forEach(from -> names.column(from.place()).ifPresent(used::add));
    infer(Part.ID, ID_NAMES, column -> sample.isDistinct(column) && sample.isFilled(column));
    infer(Part.TYPE, TYPE_NAMES, sample::isFilled);
    infer(Part.SUBJECT, SUBJECT_NAMES, sample::isFilled);
    infer(Part.TIME, TIME_NAMES, this::isTime);
    infer(Part.TIME, sample.header(), this::isTime);
    constants.putIfAbsent(Part.SOURCE, SOURCE);
    if (places.containsKey(Part.SOURCE)) {
      constants.remove(Part.SOURCE);
    }
    require(Part.TYPE, "--type NAME, the type of event that your meters count");
    require(Part.SUBJECT, "--subject NAME if all rows are one customer's");
    require(Part.TIME, "--time-format if times are not written like 2026-01-31T10:15:00Z");
  }

  private boolean isTime(int column) {
    return sample.isTime(column, said.timeFormat());
  }

  /** Takes the first free column of these names that passes, unless the part is settled. */
  private void infer(Part part, List<String> candidates, IntPredicate test) {
    boolean isSaid = said.places().containsKey(part) || said.constants().containsKey(part);
    if (isSaid || places.containsKey(part)) {
      return;
    }
    for (String candidate : candidates) {
      for (int column = 0; column < sample.header().size(); column++) {
        String header = sample.header().get(column);
        boolean named = header.equals(candidate)
            || ColumnSample.snakeCase(header).equals(candidate.toLowerCase(Locale.ROOT));
        if (named && !used.contains(column) && test.test(column)) {
          used.add(column);
          places.put(part, names.place(column));
          return;
        }
      }
    }
  }

  private void require(Part part, String otherwise) {
    if (!places.containsKey(part) && !constants.containsKey(part)) {
      throw new CommandFailure(
          "Nothing in %s tells the %s of an event; it has %s. Say --map %s=PLACE, or %s."
              .formatted(file, part.label(), sample.header(), part.label(), otherwise));
    }
  }

  private List<Property> columns() {
    List<Property> properties = new ArrayList<>();
    Set<String> taken = new LinkedHashSet<>();
    said.data().forEach((name, from) -> {
      properties.add(new Property(name, from.place(), kind(from)));
      taken.add(name);
    });
    if (properties.isEmpty() || said.allOther()) {
      IntStream.range(0, sample.header().size()).filter(c -> !used.contains(c)).forEach(column -> {
        String key = sample.key(column, taken);
        taken.add(key);
        properties.add(new Property(key, names.place(column), kind(column)));
      });
    }
    return properties;
  }

  private ValueKind kind(From from) {
    OptionalInt column = names.column(from.place());
    if (from.kind() != null || column.isEmpty()) {
      return from.kind() == null ? ValueKind.TEXT : from.kind();
    }
    return kind(column.getAsInt());
  }

  private ValueKind kind(int column) {
    return sample.isNumber(column) && !sample.isCode(column) ? ValueKind.NUMBER : ValueKind.TEXT;
  }
}
