package dev.weir.metering.archive;

import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.CycleFacts;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.JournalCorrupt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What a closed cycle's file was when it was verified for the first time: the seal beside the file, and
 * its entry in the archive. A few lines of text, of which the last is the CRC32C of the others.
 *
 * @param sha256 of the file's bytes, in hexadecimal
 */
public record CycleSum(CycleFacts facts, String sha256) {

  private static final String TITLE = "weir cycle 1";
  private static final int TEXT_BYTES_MAX = 4_096;
  private static final List<String> KEYS = List.of(
      "lane",
      "cycle",
      "frames",
      "records",
      "first",
      "last",
      "bytes",
      "crc32c",
      "sha256",
      "events-from",
      "events-to",
      "received-from",
      "received-to");

  public CycleSum {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no SHA-256: " + sha256);
    }
  }

  /** The seal as it is stored. */
  public byte[] encode() {
    CycleFacts.Times times = facts.times();
    List<Object> values = List.of(
        facts.lane(),
        Cycles.name(facts.cycle()),
        facts.frames(),
        facts.records(),
        facts.firstSequence(),
        facts.lastSequence(),
        facts.bytes(),
        HexFormat.of().toHexDigits(facts.crc32c()),
        sha256,
        EventTime.instant(times.eventFromNanos()),
        EventTime.instant(times.eventToNanos()),
        EventTime.instant(times.receivedFromNanos()),
        EventTime.instant(times.receivedToNanos()));
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    for (int i = 0; i < KEYS.size(); i++) {
      text.append(KEYS.get(i)).append(' ').append(values.get(i)).append('\n');
    }
    String checked = text.toString();
    return (checked + "check " + check(checked) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static String check(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /**
   * Reads a seal.
   *
   * @param place where it was stored, for messages
   * @throws JournalCorrupt when it is not as it was written
   */
  public static CycleSum decode(byte[] bytes, String place) {
    String text = new String(bytes, StandardCharsets.US_ASCII);
    int checked = text.lastIndexOf("check ");
    if (bytes.length > TEXT_BYTES_MAX
        || checked < 0
        || !text.equals(
            text.substring(0, checked) + "check " + check(text.substring(0, checked)) + "\n")) {
      throw new JournalCorrupt(place + ": not a seal, or its checksum does not match");
    }
    try {
      return parsed(text.substring(0, checked));
    } catch (RuntimeException e) {
      throw new JournalCorrupt("%s: not a seal of this version (%s)".formatted(place, e));
    }
  }

  private static CycleSum parsed(String text) {
    Map<String, String> values = new HashMap<>();
    List<String> lines = text.lines().toList();
    if (lines.size() != KEYS.size() + 1 || !lines.get(0).equals(TITLE)) {
      throw new IllegalArgumentException("other lines");
    }
    for (String line : lines.subList(1, lines.size())) {
      int space = line.indexOf(' ');
      values.put(line.substring(0, space), line.substring(space + 1));
    }
    CycleFacts facts = new CycleFacts(
        Integer.parseInt(value(values, "lane")),
        Cycles.parse(value(values, "cycle")),
        Long.parseLong(value(values, "frames")),
        Long.parseLong(value(values, "records")),
        Long.parseLong(value(values, "first")),
        Long.parseLong(value(values, "bytes")),
        HexFormat.fromHexDigits(value(values, "crc32c")),
        new CycleFacts.Times(
            nanos(values, "events-from"),
            nanos(values, "events-to"),
            nanos(values, "received-from"),
            nanos(values, "received-to")));
    if (facts.lastSequence() != Long.parseLong(value(values, "last"))) {
      throw new IllegalArgumentException("other sequences");
    }
    return new CycleSum(facts, value(values, "sha256"));
  }

  private static long nanos(Map<String, String> values, String key) {
    return EventTime.nanos(Instant.parse(value(values, key)));
  }

  private static String value(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }

  /** For messages: which sequences. */
  String sequences() {
    return facts.records() == 0
        ? "no records"
        : "sequences %d to %d".formatted(facts.firstSequence(), facts.lastSequence());
  }
}
