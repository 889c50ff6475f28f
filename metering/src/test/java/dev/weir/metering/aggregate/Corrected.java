package dev.weir.metering.aggregate;

import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Frames;
import dev.weir.metering.journal.VoidedRecord;
import java.util.ArrayList;
import java.util.List;

/** Events and voids as records of frames, made in memory. */
public final class Corrected {

  private Corrected() {}

  /** One event, as sent. */
  public record Sent(String id, String subject, String model, long nanos, String value) {

    /** Whether it removes its key, for meters to which that matters. */
    public boolean removes() {
      return kind() == 0;
    }

    private int kind() {
      return Math.floorMod((31 * id.hashCode()) >> 2, 3);
    }

    /** The event's data. */
    public String data() {
      String operation = removes() ? ",\"o\":\"remove\"" : kind() == 1 ? ",\"o\":\"add\"" : "";
      return "{\"n\":%s%s%s}"
          .formatted(value, model.isEmpty() ? "" : ",\"m\":\"" + model + "\"", operation);
    }

    private String json(String attributes) {
      return "{\"id\":\"%s\",\"source\":\"src\",\"type\":\"call\",\"subject\":\"%s\",\"time\":\"%s\"%s,\"data\":%s}"
          .formatted(id, subject, EventTime.instant(nanos), attributes, data());
    }
  }

  /**
   * An event, or the void of one.
   *
   * @param voids where the event lies that this takes back; empty text when it is an event
   */
  public record Entry(Sent sent, String voids) {

    /** Whether it is one. */
    public boolean isVoid() {
      return !voids.isEmpty();
    }
  }

  /** A frame of these entries. */
  public static byte[] frame(int lane, long firstSequence, List<Entry> entries) {
    StringBuilder lines = new StringBuilder();
    for (Entry entry : entries) {
      String attributes = entry.isVoid()
          ? ",\"other\":[1],\"%s\":\"%s\"".formatted(VoidedRecord.ATTRIBUTE, entry.voids())
          : "";
      lines.append(entry.sent().json(attributes)).append('\n');
    }
    byte[] bytes = Frames.bytes(lane, firstSequence, Decoding.lines(lines.toString()));
    List<Integer> heads = new ArrayList<>();
    // A head is 17 bytes before the source; its first byte are the flags.
    Frames.read(bytes).forEach(record -> heads.add(record.identityFrom() - 17));
    for (int i = 0; i < entries.size(); i++) {
      bytes[heads.get(i)] |= (byte) (entries.get(i).isVoid() ? EventBatch.FLAG_VOID : 0);
    }
    return bytes;
  }

  /** Frames held in memory, and found again by what they hold. */
  public static final class Held implements WindowEvents {

    private final List<byte[]> frames = new ArrayList<>();
    private int visits;

    /** Holds one more. */
    public void add(byte[] frame) {
      frames.add(frame);
    }

    private static boolean holds(Place place, Frame.RecordView record) {
      return record.timeNanos() >= place.fromNanos()
          && record.timeNanos() < place.toNanos()
          && record.tenantId().equals(place.tenantId())
          && record.subject().equals(place.subject())
          && record.type().equals(place.type());
    }

    /** How often they were asked for. */
    public int visits() {
      return visits;
    }

    @Override
    public void visit(
        java.util.Collection<Place> places,
        dev.weir.metering.journal.JournalPosition upTo,
        Visitor visitor) {
      visits++;
      for (byte[] bytes : frames) {
        Frame frame = Frames.load(bytes);
        frame.forEach(record -> {
          if (record.sequence() <= upTo.sequence(frame.lane())
              && places.stream().anyMatch(place -> holds(place, record))) {
            visitor.record(frame.lane(), record);
          }
        });
      }
    }
  }
}
