package dev.weir.metering.aggregate;

import dev.weir.metering.MeteringError;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.JsonPaths;
import dev.weir.metering.event.PathTree;
import dev.weir.metering.event.Rejection;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.VoidedRecord;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.KeyOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A meter with its paths resolved to slots of a {@link PathTree}. Immutable. */
final class CompiledMeter {

  private record Filter(int slot, Set<String> allowed) {}

  private final Meter meter;
  private final ActiveMeter active;
  private final PathTree paths;
  private final int valueSlot;
  private final int operationSlot;
  private final int[] groupSlots;
  private final int usageHash;
  private final List<Filter> filters;
  private final List<List<Filter>> excludes = new ArrayList<>();

  CompiledMeter(ActiveMeter active, PathTree tree) {
    meter = active.meter();
    this.active = active;
    paths = tree;
    usageHash = meter.usageId().hashCode();
    JsonPath value = meter.valueProperty();
    valueSlot = value == null ? -1 : tree.add(value);
    JsonPath operation = meter.options().operationProperty();
    operationSlot = operation == null ? -1 : tree.add(operation);
    groupSlots = meter.groupBy().values().stream().mapToInt(tree::add).toArray();
    filters = filters(meter.filter(), tree);
    for (Map<String, Set<String>> entry : meter.options().exclude()) {
      excludes.add(filters(entry, tree));
    }
  }

  private static List<Filter> filters(Map<String, Set<String>> conditions, PathTree tree) {
    List<Filter> filters = new ArrayList<>();
    conditions.forEach((path, values) ->
        filters.add(new Filter(tree.add(JsonPath.parse(path, "filter")), values)));
    return filters;
  }

  Meter meter() {
    return meter;
  }

  /** What to select from an event's data; shared with the other meters of the type. */
  PathTree paths() {
    return paths;
  }

  int valueSlot() {
    return valueSlot;
  }

  boolean counts(int lane, long sequence) {
    return active.counts(lane, sequence);
  }

  /** Whether events that arrive now will count. */
  boolean isCurrent() {
    return active.activeTo() == null;
  }

  /**
   * Whether a record counts. A void takes back what counted, so it counts where the record did that it
   * names, though the meter may have come between the two.
   */
  boolean counts(int lane, Frame.RecordView event) {
    if (!counts(lane, event.sequence())) {
      return false;
    }
    VoidedRecord voided = event.isVoid() ? VoidedRecord.of(event) : null;
    return voided == null || counts(voided.lane(), voided.sequence());
  }

  /** Whether the event passes the filter and no entry of what is excluded takes it out. */
  boolean matches(Scalars scalars) {
    if (!all(filters, scalars)) {
      return false;
    }
    for (List<Filter> exclude : excludes) {
      if (all(exclude, scalars)) {
        return false;
      }
    }
    return true;
  }

  private static boolean all(List<Filter> filters, Scalars scalars) {
    for (Filter filter : filters) {
      if (!filter.allowed().contains(scalars.text(filter.slot()))) {
        return false;
      }
    }
    return true;
  }

  /** Whether these are the group values of the event. */
  boolean isGroup(List<String> groups, Scalars scalars) {
    for (int i = 0; i < groupSlots.length; i++) {
      if (!groups.get(i).equals(scalars.text(groupSlots[i]))) {
        return false;
      }
    }
    return true;
  }

  /** A hash of the subject and the event's group values, for this meter's usage. */
  int seriesHash(String subject, Scalars scalars) {
    int hash = usageHash + subject.hashCode();
    for (int slot : groupSlots) {
      hash = hash * 31 + scalars.text(slot).hashCode();
    }
    return hash ^ (hash >>> 15);
  }

  /** The group values in name order; an absent one is the empty text. */
  List<String> groups(Scalars scalars) {
    if (groupSlots.length == 0) {
      return List.of();
    }
    String[] values = new String[groupSlots.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = scalars.text(groupSlots[i]);
    }
    return List.of(values);
  }

  /**
   * Whether the values can be stored. An event may have been checked before this meter existed and
   * journaled after; what the meter cannot use of it is skipped, as it can no longer be refused.
   */
  boolean canUse(Scalars scalars) {
    boolean valueless = valueSlot >= 0
        && (scalars.isMissing(valueSlot) || scalars.kind(valueSlot) == Scalars.Kind.STRUCTURE);
    if (valueless || !hasOperation(scalars)) {
      return false;
    }
    for (int slot : groupSlots) {
      if (!isGroupValue(slot, scalars)) {
        return false;
      }
    }
    return true;
  }

  /** Whether what the event says that it does to its key is one of the operations, or nothing. */
  private boolean hasOperation(Scalars scalars) {
    if (operationSlot < 0) {
      return true;
    }
    return switch (scalars.kind(operationSlot)) {
      case ABSENT, NULL -> true;
      case TEXT -> {
        String operation = scalars.text(operationSlot);
        yield operation.equals(KeyOperation.ADD) || operation.equals(KeyOperation.REMOVE);
      }
      case INTEGER, DECIMAL, BOOLEAN, STRUCTURE -> false;
    };
  }

  /** What a usable event does to its key. */
  KeyOperation operation(UUID key, long timeNanos, Scalars scalars) {
    boolean removes = operationSlot >= 0
        && scalars.kind(operationSlot) == Scalars.Kind.TEXT
        && scalars.text(operationSlot).equals(KeyOperation.REMOVE);
    return new KeyOperation(
        key,
        timeNanos,
        removes,
        removes ? meter.countsUntilNanos(timeNanos) : meter.countsFromNanos(timeNanos));
  }

  private static boolean isGroupValue(int slot, Scalars scalars) {
    return switch (scalars.kind(slot)) {
      // A number that is no decimal within the limits stands as it was written, however long.
      case TEXT, DECIMAL -> isGroupText(scalars.text(slot));
      case ABSENT, NULL, INTEGER, BOOLEAN -> true;
      case STRUCTURE -> false;
    };
  }

  /** What is wrong with an event that this meter counts; null when nothing is. */
  @Nullable
  Rejection fault(Scalars scalars) {
    if (!matches(scalars)) {
      return null;
    }
    Rejection fault = valueSlot < 0 ? null : valueFault(scalars);
    if (fault == null && !hasOperation(scalars)) {
      fault = invalid(
          JsonPaths.inData(String.valueOf(meter.options().operationProperty())),
          "must be \"%s\" or \"%s\", or be left out to add"
              .formatted(KeyOperation.ADD, KeyOperation.REMOVE),
          "whether its key is added or removed");
    }
    return fault == null ? groupFault(scalars) : fault;
  }

  private @Nullable Rejection valueFault(Scalars scalars) {
    if (scalars.isMissing(valueSlot)) {
      return new Rejection(
          MeteringError.EVENT_VALUE_MISSING,
          valueField(),
          "'%s' is required: the meter '%s' takes its value from it."
              .formatted(valueField(), meter.key()));
    }
    if (scalars.kind(valueSlot) == Scalars.Kind.STRUCTURE) {
      return invalid(valueField(), "must be a single value, not an object or array");
    }
    boolean number = !meter.aggregation().takesDecimal()
        || scalars.isInteger(valueSlot)
        || scalars.readScaled(valueSlot)
        || scalars.decimal(valueSlot) != null;
    return number
        ? null
        : invalid(
            valueField(),
            "must be a finite decimal number with at most 38 digits, 18 of them after the point");
  }

  private String valueField() {
    return JsonPaths.inData(String.valueOf(meter.valueProperty()));
  }

  private Rejection invalid(String field, String what) {
    return invalid(field, what, "its value");
  }

  private Rejection invalid(String field, String what, String taken) {
    return new Rejection(
        MeteringError.EVENT_VALUE_INVALID,
        field,
        "'%s' %s: the meter '%s' takes %s from it.".formatted(field, what, meter.key(), taken));
  }

  private @Nullable Rejection groupFault(Scalars scalars) {
    for (int i = 0; i < groupSlots.length; i++) {
      int slot = groupSlots[i];
      if (!isGroupValue(slot, scalars)) {
        return invalid(
            groupField(i),
            scalars.kind(slot) == Scalars.Kind.STRUCTURE
                ? "must be a single value, not an object or array"
                : "must be well-formed text of at most %d characters without NUL"
                    .formatted(EventLimits.GROUP_VALUE_CHARS_MAX));
      }
    }
    return null;
  }

  private String groupField(int index) {
    List<JsonPath> paths = List.copyOf(meter.groupBy().values());
    return JsonPaths.inData(paths.get(index).text());
  }

  private static boolean isGroupText(String text) {
    if (text.length() > EventLimits.GROUP_VALUE_CHARS_MAX) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        boolean pair = Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
