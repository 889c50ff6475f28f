package dev.weir.metering.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weir.metering.MeteringError;
import dev.weir.metering.dedup.IdentityHash;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one event after the other into a batch; the state of one is reset before the next. */
final class EventReader {

  private final EventBatch batch;
  private final EventDecoder.Sender sender;
  private final IdentityHash identityHash;
  private final DataWalk walk;
  private final ExtensionAttributes extensions = new ExtensionAttributes();

  private String prefix = "";

  private @Nullable String id;
  private @Nullable String source;
  private @Nullable String type;
  private @Nullable String subject;
  private long timeNanos;
  private boolean timeGiven;
  private int dataFrom;
  private int dataTo;
  private long contentHash;
  private boolean dataWalkedWithType;
  private @Nullable String notFinite;
  private @Nullable Rejection rejection;

  EventReader(
      EventBatch batch, EventDecoder.Sender sender, IdentityHash identityHash, DataWalk walk) {
    this.batch = batch;
    this.sender = sender;
    this.identityHash = identityHash;
    this.walk = walk;
  }

  EventBatch batch() {
    return batch;
  }

  /**
   * Reads the event that the parser stands on.
   *
   * @param base where in the body the parser began, as its offsets count from there
   */
  void read(JsonParser parser, byte[] body, int base) throws IOException {
    reset();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      // The parser is lazy: a text that does not end is an error of this event, not of the next.
      parser.finishToken();
      batch.addRejected(
          null,
          new Rejection(
              MeteringError.EVENT_NOT_AN_OBJECT, null, "An event must be a JSON object."));
      return;
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      attribute(name, parser, body, base);
    }
    finish(body);
  }

  /**
   * Reads an event whose attributes travel beside its data, by the same steps as one in JSON.
   *
   * @param attributePrefix what stands before an attribute's name where it came from
   * @param attributes a JSON object of the attributes, all of them strings
   * @param body the data; empty when there is none
   */
  void readBinary(String attributePrefix, byte[] attributes, byte[] body) throws IOException {
    prefix = attributePrefix;
    reset();
    try (JsonParser parser = EventJson.FACTORY.createParser(attributes)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        attribute(name, parser, attributes, 0);
      }
    }
    int from = EventDecoder.start(body);
    try (JsonParser parser = EventJson.FACTORY.createParser(body, from, body.length - from)) {
      if (parser.nextToken() != null) {
        data(parser, from);
        EventDecoder.requireEnd(
            parser, "a CloudEvent in binary mode has one JSON object as its body");
      }
    }
    finish(body);
  }

  private void reset() {
    id = null;
    source = null;
    type = null;
    subject = null;
    timeNanos = sender.receivedNanos();
    timeGiven = false;
    dataFrom = -1;
    dataTo = -1;
    contentHash = 0;
    dataWalkedWithType = false;
    notFinite = null;
    rejection = null;
    extensions.reset();
  }

  private void attribute(String name, JsonParser parser, byte[] body, int base) throws IOException {
    switch (name) {
      case "id" -> id = text(name, parser, id);
      case "source" -> source = text(name, parser, source);
      case "type" -> type = text(name, parser, type);
      case "subject" -> subject = text(name, parser, subject);
      case "time" -> time(parser);
      case "data" -> data(parser, base);
      case "specversion" -> specversion(parser);
      case "datacontenttype" -> contentType(parser);
      case "data_base64" -> {
        parser.skipChildren();
        reject(
            MeteringError.EVENT_DATA_INVALID,
            "data_base64",
            "Binary data cannot be metered; send a JSON object as 'data'.");
      }
      default -> extension(name, parser, body, base);
    }
  }

  /** An attribute as its sender knows it: in binary mode, the header. */
  private String shown(String name) {
    return prefix + name;
  }

  /** The first fault is the one reported. */
  private void reject(MeteringError code, String field, String message) {
    if (rejection == null) {
      rejection = new Rejection(code, field, message);
    }
  }

  private @Nullable String text(String name, JsonParser parser, @Nullable String before)
      throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      parser.skipChildren();
      if (parser.currentToken() != JsonToken.VALUE_NULL) {
        reject(
            MeteringError.EVENT_FIELD_INVALID,
            shown(name),
            "'%s' must be a string.".formatted(shown(name)));
      }
      return before;
    }
    if (before != null) {
      givenTwice(name);
    }
    return parser.getText();
  }

  private void givenTwice(String name) {
    reject(
        MeteringError.EVENT_FIELD_INVALID,
        shown(name),
        "'%s' is given twice; send it once.".formatted(shown(name)));
  }

  private void time(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (timeGiven) {
      givenTwice("time");
    }
    long parsed = EventTime.INVALID;
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      parsed = EventTime.parseNanos(parser.getText());
    } else {
      parser.skipChildren();
    }
    if (parsed == EventTime.INVALID) {
      reject(
          MeteringError.EVENT_TIME_INVALID,
          shown("time"),
          ("'%s' must be RFC 3339 text such as \"2026-11-21T10:15:00.123456Z\", between 1970 and"
                  + " 2199, with at most 9 fraction digits; or leave it out for the receive time.")
              .formatted(shown("time")));
      return;
    }
    timeNanos = parsed;
    timeGiven = true;
  }

  private void specversion(JsonParser parser) throws IOException {
    boolean one =
        parser.currentToken() == JsonToken.VALUE_STRING && parser.getText().equals("1.0");
    parser.skipChildren();
    if (!one) {
      reject(
          MeteringError.EVENT_SPECVERSION_UNSUPPORTED,
          shown("specversion"),
          "'%s' must be \"1.0\".".formatted(shown("specversion")));
    }
  }

  private void contentType(JsonParser parser) throws IOException {
    boolean json = parser.currentToken() == JsonToken.VALUE_NULL
        || (parser.currentToken() == JsonToken.VALUE_STRING
            && JsonMediaType.matches(parser.getText()));
    parser.skipChildren();
    if (!json) {
      reject(
          MeteringError.EVENT_DATA_INVALID,
          shown("datacontenttype"),
          "Only data of type application/json can be metered.");
    }
  }

  private void data(JsonParser parser, int base) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (dataFrom >= 0) {
      givenTwice("data");
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      reject(MeteringError.EVENT_DATA_INVALID, "data", "'data' must be a JSON object.");
      return;
    }
    dataFrom = base + (int) parser.currentTokenLocation().getByteOffset();
    // Senders mostly put the type before the data; then one walk does everything.
    dataWalkedWithType = type != null;
    contentHash = walk.walk(parser, type == null ? null : sender.rules().paths(type));
    dataTo = base + (int) parser.currentLocation().getByteOffset();
    if (walk.hasNonFinite()) {
      notFinite = "data";
    }
    if (walk.tooDeep()) {
      reject(
          MeteringError.EVENT_DATA_INVALID,
          "data",
          "'data' is nested deeper than %d levels.".formatted(DataWalk.DEPTH_MAX));
    }
  }

  /** An attribute that CloudEvents does not define; kept, and part of the payload. Null is none. */
  private void extension(String name, JsonParser parser, byte[] body, int base) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL || extensions.tooLarge()) {
      parser.skipChildren();
      return;
    }
    if (!extensions.add(name, parser, body, base)) {
      givenTwice(name);
    }
    if (extensions.lastIsNonFinite()) {
      notFinite = name;
    }
    if (extensions.tooLarge()) {
      reject(
          MeteringError.EVENT_TOO_LARGE,
          shown(name),
          "With '%s' the extension attributes take more than %d bytes; put it into 'data'."
              .formatted(shown(name), EventLimits.EXTENSIONS_BYTES_MAX));
    }
  }

  private void finish(byte[] body) throws IOException {
    required("id", id);
    required("source", source);
    required("type", type);
    required("subject", subject);
    if (rejection == null) {
      checkByMeters(body);
    }
    if (notFinite != null) {
      // Last, as a meter that takes the value names the place better.
      reject(
          MeteringError.EVENT_DATA_INVALID,
          notFinite,
          "'%s' holds NaN or Infinity, which JSON does not know; send a number, a string or null."
              .formatted(notFinite));
    }
    if (rejection == null) {
      write(body);
    }
    if (rejection != null) {
      batch.addRejected(id, rejection);
    }
  }

  private void required(String name, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      reject(
          MeteringError.EVENT_FIELD_MISSING,
          shown(name),
          "'%s' is required and must be a non-empty string.".formatted(shown(name)));
    }
  }

  private void checkByMeters(byte[] body) throws IOException {
    String eventType = String.valueOf(type);
    PathTree paths = sender.rules().paths(eventType);
    if (paths == null) {
      return;
    }
    if (dataFrom < 0) {
      walk.scalars().reset(paths.size());
    } else if (!dataWalkedWithType) {
      try (JsonParser again = EventJson.FACTORY.createParser(body, dataFrom, dataTo - dataFrom)) {
        again.nextToken();
        walk.walk(again, paths);
      }
    }
    rejection = sender.rules().check(eventType, walk.scalars());
  }

  private void write(byte[] body) {
    ByteWriter heads = batch.heads();
    int dataLength = dataFrom < 0 ? 0 : dataTo - dataFrom;
    long payloadHash = payloadHash(
        DataWalk.hash(String.valueOf(type)),
        DataWalk.hash(String.valueOf(subject)),
        timeGiven ? timeNanos : 0,
        contentHash + extensions.hash());
    int identityFrom =
        batch.beginHead(timeGiven ? EventBatch.FLAG_TIME_GIVEN : 0, timeNanos, payloadHash);
    name("source", source, EventLimits.IDENTITY_BYTES_MAX);
    name("id", id, EventLimits.IDENTITY_BYTES_MAX);
    int identityTo = heads.size();
    name("type", type, EventLimits.NAME_BYTES_MAX);
    name("subject", subject, EventLimits.NAME_BYTES_MAX);
    if (rejection != null) {
      return;
    }
    extensions.writeTo(heads);
    batch.putData(body, dataFrom, dataLength);
    // Source and id with their lengths: no two identities give the same bytes.
    identityHash.hash(
        sender.key().key0(),
        sender.key().key1(),
        heads.array(),
        identityFrom,
        identityTo - identityFrom);
    batch.addRecord(identityHash.high(), identityHash.low(), payloadHash);
  }

  private void name(String name, @Nullable String text, int bytesMax) {
    if (batch.heads().putText(String.valueOf(text), bytesMax) < 0) {
      reject(
          MeteringError.EVENT_FIELD_INVALID,
          shown(name),
          "'%s' must be well-formed text of at most %d bytes without NUL characters."
              .formatted(shown(name), bytesMax));
    }
  }

  /**
   * The hash by which a duplicate is told from a conflict.
   *
   * @param timeNanos 0 when the server filled it in: a retry may be received later
   * @param content of data and extension attributes
   */
  static long payloadHash(long type, long subject, long timeNanos, long content) {
    long hash = DataWalk.mix(type * 31 + subject);
    hash = DataWalk.mix(hash * 31 + timeNanos);
    return DataWalk.mix(hash * 31 + content);
  }
}
