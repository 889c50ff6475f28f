package dev.weir.metering.explorer.run;

import java.io.IOException;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What was gathered, section by section in the order of a run. Confined to one thread.
 *
 * <p>Cost: about 150 ns a record for all sections; up to 48 bytes a record while it sorts.
 */
final class SortedRecords implements RunContent {

  private final Gathered gathered;
  private final Gathered.Records records;
  private final long first;

  /** By event time, which subjects and tenants have in common. */
  private @Nullable IndexSort byTime;

  SortedRecords(Gathered gathered) {
    this.gathered = gathered;
    this.records = gathered.records();
    this.first = gathered.stretch().firstSequence();
  }

  @Override
  public Stretch stretch() {
    return gathered.stretch();
  }

  @Override
  public Times times() {
    return gathered.times();
  }

  @Override
  public void give(Section section, EntrySink sink) throws IOException {
    switch (section) {
      case SUBJECT -> {
        IndexSort sorted = IndexSort.of(records.count()).by(records.times());
        byTime = IndexSort.from(sorted);
        giveByTime(sorted.by(records.subjects()), sink);
      }
      case TIME -> {
        IndexSort sorted = byTime;
        byTime = null;
        giveByTime(
            (sorted == null ? IndexSort.of(records.count()).by(records.times()) : sorted)
                .by(records.subjects(), EntryKeys.SUBJECT_BITS),
            sink);
      }
      case IDENTITY -> giveIdentities(sink);
      case RECORD -> giveLocations(sink);
      case GROUP -> giveGroups(sink);
      case VOIDED -> giveVoided(sink);
      case EXCEPTION -> giveExceptions(sink);
    }
  }

  private void giveByTime(IndexSort sorted, EntrySink sink) throws IOException {
    for (int at = 0; at < sorted.count(); at++) {
      int record = sorted.place(at);
      sink.add(
          sorted.number(at), records.times()[record], first + record, records.tags()[record]);
    }
  }

  private void giveIdentities(EntrySink sink) throws IOException {
    IndexSort sorted = IndexSort.of(records.count()).by(records.identities());
    for (int at = 0; at < sorted.count(); at++) {
      int record = sorted.place(at);
      sink.add(sorted.number(at), 0, first + record, EntryTags.flags(records.tags()[record]));
    }
  }

  private void giveLocations(EntrySink sink) throws IOException {
    Gathered.Locations locations = gathered.locations();
    for (int i = 0; i < records.count(); i++) {
      sink.add(first + i, locations.heads()[i], locations.datas()[i], locations.sums()[i]);
    }
  }

  private void giveGroups(EntrySink sink) throws IOException {
    Gathered.Groups groups = gathered.groups();
    for (int i = 0; i < groups.count(); i++) {
      sink.add(groups.sequences()[i], groups.offsets()[i], groups.frames()[i], 0);
    }
  }

  private void giveVoided(EntrySink sink) throws IOException {
    Gathered.Rare rare = gathered.rare();
    IndexSort sorted = IndexSort.of(rare.voidCount()).by(rare.voided());
    for (int at = 0; at < sorted.count(); at++) {
      long sequence = rare.voids()[sorted.place(at)];
      sink.add(
          sorted.number(at),
          0,
          sequence,
          EntryTags.flags(records.tags()[(int) (sequence - first)]));
    }
  }

  private void giveExceptions(EntrySink sink) throws IOException {
    Gathered.Rare rare = gathered.rare();
    long[] times = column(rare, record -> records.times()[record]);
    long[] subjects = column(rare, record -> records.subjects()[record]);
    IndexSort sorted =
        IndexSort.of(rare.exceptionCount()).by(times).by(subjects, EntryKeys.SUBJECT_BITS);
    for (int at = 0; at < sorted.count(); at++) {
      int record = rare.exceptions()[sorted.place(at)];
      sink.add(
          sorted.number(at), records.times()[record], first + record, records.tags()[record]);
    }
  }

  private static long[] column(Gathered.Rare rare, IntToLongFunction ofRecord) {
    return IntStream.range(0, rare.exceptionCount())
        .mapToLong(i -> ofRecord.applyAsLong(rare.exceptions()[i]))
        .toArray();
  }
}
