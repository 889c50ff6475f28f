package dev.weir.metering.aggregate;

import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.rollup.WindowMonths;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Counts events that are in the journal already for one meter, by the same code as they are counted when
 * they come. Holds two portions, so that one can be filled while the other is being written.
 *
 * <p>Used by one thread at a time, but for {@link Portion#write}, which runs on the connection's while
 * the portion is left alone.
 */
public final class MeterReplay {

  private final Meter meter;
  private final byte[] type;
  private final WindowEvents events;
  private final WindowWriter writer = new WindowWriter();
  private final MeterCatalog catalog = new MeterCatalog();
  private Portion filling;
  private Portion other;

  /** A part of the journal, folded. */
  public final class Portion {
    private final WindowFold fold = new WindowFold(catalog);
    private Map<WindowKey, WindowDelta> refolded = Map.of();
    private SeriesStore.Numbers freshSeries = SeriesStore.Numbers.NONE;
    private JournalPosition upTo = JournalPosition.START;
    private long scanned;

    /** Adds the meter's events in a frame. */
    public void fold(Frame frame) {
      scanned += frame.records();
      fold.fold(frame, meter.tenantId(), type);
    }

    /**
     * Ends the folding and readies the tables; blocks on the database. Where an extreme was taken back,
     * finds what the window comes to without it.
     *
     * @param upTo the end of everything that is folded, in this portion and before
     */
    public void complete(JournalPosition upTo, WindowMonths months) {
      this.upTo = upTo;
      fold.series().forEach(series -> months.prepare(series.byMinute().keySet()));
      refold(months);
    }

    /** Finds that once more, after {@link MinutesGone}. */
    public void refold(WindowMonths months) {
      refolded = fold.refolds() == 0
          ? Map.of()
          : WindowRefold.of(fold.series(), months.minutesFrom(), events, upTo);
    }

    /** Rows that writing this takes: the measure of what is held. */
    public int rows() {
      return fold.rows();
    }

    /** Records in the frames, of whatever tenant and type. */
    public long scanned() {
      return scanned;
    }

    /** Events that count for the meter, less those that were taken back. */
    public long counted() {
      return fold.counted();
    }

    /** Events that the meter cannot use, though its filter lets them pass. */
    public long skipped() {
      return fold.skipped();
    }

    /** Adds the usage in the caller's transaction, as the engine. May be tried again after a failure. */
    public Future<Void> write(SqlConnection connection) {
      return writer.write(connection, fold, writer.unknown(fold), refolded).map(fresh -> {
        freshSeries = fresh;
        return null;
      });
    }

    /** What was written is committed; comes before the next portion is written. */
    public void committed() {
      writer.remember(freshSeries);
      freshSeries = SeriesStore.Numbers.NONE;
    }

    private void clear() {
      fold.clear();
      refolded = Map.of();
      scanned = 0;
    }
  }

  /**
   * @param meter with the id that its usage is to be kept under
   * @param after the position before the first event that counts
   * @param events finds the events of windows from which an extreme was taken back; called by
   *     {@link Portion#complete}
   */
  public MeterReplay(Meter meter, JournalPosition after, WindowEvents events) {
    this.meter = meter;
    type = meter.eventType().getBytes(StandardCharsets.UTF_8);
    this.events = events;
    catalog.replaceAll(List.of(new ActiveMeter(meter, after, null)));
    filling = new Portion();
    other = new Portion();
  }

  /** The portion to fill. */
  public Portion filling() {
    return filling;
  }

  /** Goes on with the other portion, whose content is committed; this one can be written. */
  public void swap() {
    Portion filled = filling;
    filling = other;
    other = filled;
    filling.clear();
  }
}
