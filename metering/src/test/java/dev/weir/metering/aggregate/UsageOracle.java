package dev.weir.metering.aggregate;

import dev.weir.metering.Quantity;
import dev.weir.metering.aggregate.Corrected.Sent;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.QuantityRounding;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageWindows;
import dev.weir.metering.usage.WindowSize;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Answers usage queries from the events themselves, one by one, in the plainest way. */
public final class UsageOracle {

  private UsageOracle() {}

  /** The rows that the query must give, printed as {@code value start end subject groups}. */
  public static List<String> rows(UsageQuery query, List<Sent> events) {
    return rows(query, events, Instant.MIN);
  }

  /**
   * The same where minutes are kept from an instant only: before, an open end lies on a whole hour.
   */
  public static List<String> rows(UsageQuery query, List<Sent> events, Instant minutesFrom) {
    List<Sent> matching = events.stream().filter(event -> matches(query, event)).toList();
    List<Instant> inRange = matching.stream()
        .map(event -> countsFrom(query.meter(), event))
        .filter(time -> query.from() == null || !time.isBefore(query.from()))
        .filter(time -> query.to() == null || time.isBefore(query.to()))
        .sorted()
        .toList();
    if ((query.from() == null || query.to() == null) && inRange.isEmpty()) {
      return List.of();
    }
    Instant from = query.from() == null ? start(inRange.get(0), minutesFrom) : query.from();
    Instant last = inRange.isEmpty() ? Instant.MIN : inRange.get(inRange.size() - 1);
    Instant to = query.to() == null
        ? start(last, minutesFrom).plus(1, grain(last, minutesFrom))
        : query.to();
    List<Instant> boundaries = query.windowSize() == null
        ? List.of(from, to)
        : UsageWindows.boundaries(from, to, query.windowSize(), query.zone());
    Set<Group> groups =
        new TreeSet<>(Comparator.comparing(Group::subject).thenComparing(Group::model));
    matching.forEach(event -> groups.add(group(query, event)));
    List<String> rows = new ArrayList<>();
    for (int i = 0; i + 1 < boundaries.size(); i++) {
      Instant start = boundaries.get(i);
      Instant end = boundaries.get(i + 1);
      for (Group group : groups) {
        List<Sent> of =
            matching.stream().filter(event -> group(query, event).equals(group)).toList();
        String value = value(query.meter(), of, later(start, from), earlier(end, to));
        if (value != null) {
          rows.add(value + " " + start + " " + end + " " + group);
        }
      }
    }
    return rows;
  }

  private static ChronoUnit grain(Instant time, Instant minutesFrom) {
    return time.isBefore(minutesFrom) ? ChronoUnit.HOURS : ChronoUnit.MINUTES;
  }

  private static Instant start(Instant time, Instant minutesFrom) {
    return time.truncatedTo(grain(time, minutesFrom));
  }

  private record Group(String subject, String model) {
    @Override
    public String toString() {
      return subject + " " + model;
    }
  }

  private static Group group(UsageQuery query, Sent event) {
    return new Group(
        query.bySubject() ? event.subject() : "-",
        query.groupBy().isEmpty() ? "-" : "[" + event.model() + "]");
  }

  private static boolean matches(UsageQuery query, Sent event) {
    return (query.subjects().isEmpty() || query.subjects().contains(event.subject()))
        && (query.filterGroupBy().isEmpty()
            || query.filterGroupBy().get("model").contains(event.model()));
  }

  static Instant countsFrom(Meter meter, Sent event) {
    Instant time = EventTime.instant(event.nanos());
    ZoneId zone = meter.options().weightingZone();
    if (zone == null) {
      return time;
    }
    LocalDate day = time.atZone(zone).toLocalDate();
    return day.atStartOfDay(zone).toInstant();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static BigDecimal number(Sent event) {
    return new BigDecimal(event.value().replace("\"", ""));
  }

  private static String value(Meter meter, List<Sent> events, Instant from, Instant to) {
    List<Sent> in = events.stream()
        .filter(event -> !countsFrom(meter, event).isBefore(from))
        .filter(event -> countsFrom(meter, event).isBefore(to))
        .sorted(Comparator.comparing(UsageOracle::number))
        .toList();
    if (meter.aggregation() == Aggregation.WEIGHTED_UNIQUE_COUNT) {
      return presence(meter, events, from, to);
    }
    if (meter.aggregation() == Aggregation.WEIGHTED_SUM) {
      return level(meter, events, in.size(), from, to);
    }
    if (in.isEmpty()) {
      return null;
    }
    BigDecimal count = BigDecimal.valueOf(in.size());
    BigDecimal sum = in.stream().map(UsageOracle::number).reduce(BigDecimal.ZERO, BigDecimal::add);
    return switch (meter.aggregation()) {
      case COUNT -> finish(meter, count, BigDecimal.ONE);
      case SUM -> finish(meter, sum, BigDecimal.ONE);
      case AVG -> finish(meter, sum, count);
      case MIN -> finish(meter, number(in.get(0)), BigDecimal.ONE);
      case MAX -> finish(meter, number(in.get(in.size() - 1)), BigDecimal.ONE);
      case LATEST ->
        finish(
            meter,
            number(in.stream()
                .max(Comparator.comparing(Sent::nanos)
                    .thenComparing(event -> (char) event.id().length() + event.id()))
                .orElseThrow()),
            BigDecimal.ONE);
      case UNIQUE_COUNT ->
        finish(
            meter,
            BigDecimal.valueOf(new HashSet<>(in.stream().map(UsageOracle::text).toList()).size()),
            BigDecimal.ONE);
      case PERCENTILE -> {
        BigDecimal rank = count
            .multiply(meter.options().percentile())
            .divide(BigDecimal.valueOf(100), 0, RoundingMode.CEILING);
        yield finish(meter, number(in.get(rank.intValueExact() - 1)), BigDecimal.ONE);
      }
      case WEIGHTED_SUM, WEIGHTED_UNIQUE_COUNT -> throw new IllegalStateException();
    };
  }

  private static String text(Sent event) {
    return event.value().startsWith("\"")
        ? event.value().replace("\"", "")
        : number(event).stripTrailingZeros().toPlainString();
  }

  /** Walks along the time line: level times duration, from change to change. */
  private static String level(
      Meter meter, List<Sent> events, int inRange, Instant from, Instant to) {
    BigDecimal level = BigDecimal.ZERO;
    BigDecimal integral = BigDecimal.ZERO;
    Instant at = from;
    List<Sent> inOrder = events.stream()
        .sorted(Comparator.comparing(event -> countsFrom(meter, event)))
        .toList();
    boolean carried = false;
    for (Sent event : inOrder) {
      Instant time = countsFrom(meter, event);
      if (!time.isBefore(to)) {
        break;
      }
      if (time.isAfter(at)) {
        integral = integral.add(level.multiply(nanos(at, time)));
        at = time;
      }
      level = level.add(number(event));
      carried = time.isBefore(from) ? level.signum() != 0 : carried;
    }
    integral = integral.add(level.multiply(nanos(at, to)));
    return inRange > 0 || carried ? finish(meter, integral, nanos(from, to)) : null;
  }

  /** For each key, how much of the time it is there: stretches of time that may overlap, united. */
  private static String presence(Meter meter, List<Sent> events, Instant from, Instant to) {
    BigDecimal integral = BigDecimal.ZERO;
    for (String key : new TreeSet<>(events.stream().map(UsageOracle::text).toList())) {
      List<Sent> ofKey = events.stream()
          .filter(event -> text(event).equals(key))
          .sorted(Comparator.comparing(Sent::nanos).thenComparing(Sent::removes))
          .toList();
      Instant counted = from;
      Sent added = null;
      for (Sent event : ofKey) {
        if (added != null && event.removes()) {
          Instant start = later(countsFrom(meter, added), counted);
          Instant end = earlier(countsUntil(meter, event), to);
          if (start.isBefore(end)) {
            integral = integral.add(nanos(start, end));
            counted = end;
          }
        }
        added = event.removes() ? null : added == null ? event : added;
      }
      if (added != null) {
        Instant start = later(countsFrom(meter, added), counted);
        integral = integral.add(start.isBefore(to) ? nanos(start, to) : BigDecimal.ZERO);
      }
    }
    return integral.signum() == 0 ? null : finish(meter, integral, nanos(from, to));
  }

  private static Instant countsUntil(Meter meter, Sent event) {
    Instant time = EventTime.instant(event.nanos());
    ZoneId zone = meter.options().weightingZone();
    return zone == null
        ? time
        : time.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
  }

  private static BigDecimal nanos(Instant from, Instant to) {
    return new BigDecimal(ChronoUnit.NANOS.between(from, to));
  }

  private static String finish(Meter meter, BigDecimal dividend, BigDecimal divisor) {
    QuantityRounding rounding = meter.options().rounding();
    BigDecimal value = rounding == null
        ? dividend.divide(divisor, 18, RoundingMode.HALF_UP)
        : dividend.divide(divisor, rounding.scale(), rounding.mode().rule());
    return new Quantity(meter.options().nonNegative() ? value.max(BigDecimal.ZERO) : value)
        .toString();
  }

  /** A random size, zone, range, filter and split. */
  public static UsageQuery query(Meter meter, java.util.Random random, Instant start, int minutes) {
    Instant from = start.plus(random.nextInt(minutes), ChronoUnit.MINUTES);
    Instant to = from.plus(1L + random.nextInt(minutes), ChronoUnit.MINUTES);
    WindowSize[] sizes = {
      null, null, WindowSize.HOUR, WindowSize.DAY, WindowSize.MONTH, WindowSize.MINUTE
    };
    WindowSize size = sizes[random.nextInt(sizes.length)];
    if (size == WindowSize.MINUTE) {
      to = from.plus(1 + random.nextInt(600), ChronoUnit.MINUTES);
    }
    String[] zones = {
      "UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"
    };
    return new UsageQuery(
        meter,
        random.nextInt(5) == 0 && size != WindowSize.MINUTE ? null : from,
        random.nextInt(5) == 0 && size != WindowSize.MINUTE ? null : to,
        random.nextInt(3) == 0 ? Set.of("s1") : Set.of(),
        random.nextInt(3) == 0 ? java.util.Map.of("model", Set.of("m0", "")) : java.util.Map.of(),
        random.nextBoolean() ? List.of("model") : List.of(),
        random.nextBoolean(),
        size,
        ZoneId.of(zones[random.nextInt(zones.length)]));
  }
}
