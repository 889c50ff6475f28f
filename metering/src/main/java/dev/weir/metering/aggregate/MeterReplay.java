package dev.weir.metering.aggregate;

import dev.weir.metering.database.Database;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Counts events that are in the journal already for one meter, by the same code as they are counted when
 * they come. Holds two portions, so that one can be filled while the other is being written.
 *
 * <p>Confined to one thread; {@link Portion#write} runs on the connection's, while the portion is left
 * alone.
 */
public final class MeterReplay {

  private final Meter meter;
  private final byte[] type;
  private final WindowFlush windows;
  private final MeterCatalog catalog = new MeterCatalog();
  private Portion filling;
  private Portion other;

  /** A part of the journal, folded. */
  public final class Portion {
    private final WindowFold fold = new WindowFold(catalog);
    private Map<SeriesKey, Long> freshSeries = Map.of();
    private long scanned;

    /** Adds the meter's events in a frame. */
    public void fold(Frame frame) {
      scanned += frame.records();
      fold.fold(frame, meter.tenantId(), type);
    }

    /** Rows that writing this takes: the measure of what is held. */
    public int rows() {
      return fold.rows();
    }

    /** Records in the frames, of whatever tenant and type. */
    public long scanned() {
      return scanned;
    }

    /** Events that count for the meter. */
    public long counted() {
      return fold.counted();
    }

    /** Events that the meter cannot use, though its filter lets them pass. */
    public long skipped() {
      return fold.skipped();
    }

    /** Adds the usage in the caller's transaction, as the engine. May be tried again after a failure. */
    public Future<Void> write(SqlConnection connection) {
      return windows.writeWindows(connection, fold).map(fresh -> {
        freshSeries = fresh;
        return null;
      });
    }

    /** What was written is committed; comes before the next portion is written. */
    public void committed() {
      windows.remember(freshSeries);
      freshSeries = Map.of();
    }

    private void clear() {
      fold.clear();
      scanned = 0;
    }
  }

  /**
   * @param meter with the id that its usage is to be kept under
   */
  public MeterReplay(Meter meter, Database database) {
    this.meter = meter;
    type = meter.eventType().getBytes(StandardCharsets.UTF_8);
    windows = new WindowFlush(database);
    catalog.replaceAll(List.of(new ActiveMeter(meter, JournalPosition.START, null)));
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
