package dev.weir.metering.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells one document in a cycle's file from another, and sound ones from damaged. */
final class CycleDocuments {

  static final int NOT_COMPLETE = 0x8000_0000;
  static final int END_OF_FILE = NOT_COMPLETE | ChronicleHead.META_DATA;

  /** What Chronicle usually writes behind the end mark: the text EOF in its wire format. */
  static final int END_TEXT = 0x464f_45c3;

  private static final int LENGTH_MASK = 0x3fff_ffff;
  private static final int VOID_BYTES = 8;
  private static final int HEAD_HEADER = ChronicleHead.META_DATA | 193;

  /** How many bytes at the start of an index may be wrong for it still to be taken for one. */
  private static final int INDEX_DAMAGE_MAX = 4;

  enum Kind {
    HEAD,
    INDEX,
    FRAME,
    VOID
  }

  /**
   * One document.
   *
   * @param end where the next one begins
   * @param fault what is not as it was written, empty when it is sound
   */
  record Document(Kind kind, long end, String fault) {}

  private final ForwardFile file;
  private final Frame frame;

  /** Takes the frame that is loaded with each document that holds one. */
  CycleDocuments(ForwardFile file, Frame frame) {
    this.file = file;
    this.frame = frame;
  }

  private static long end(long at, int length) {
    return (at + 4 + length + 3) & ~3L;
  }

  /** Reads the document whose header is here. */
  Document read(long at) throws IOException {
    int header = file.intAt(at);
    int length = header & LENGTH_MASK;
    long end = end(at, length);
    boolean own = (header & ChronicleHead.META_DATA) != 0;
    Kind kind = own ? (at == 0 ? Kind.HEAD : Kind.INDEX) : (isVoid(at) ? Kind.VOID : Kind.FRAME);
    String fault;
    if ((header & NOT_COMPLETE) != 0 || !file.reaches(end)) {
      fault = "the document's header %08x cannot be".formatted(header);
    } else {
      fault = switch (kind) {
        case HEAD -> header == HEAD_HEADER ? "" : "the file does not begin with a head";
        case INDEX -> damageOfIndex(at) == 0 ? "" : "a document of Chronicle's that is no index";
        case VOID -> length == VOID_BYTES && file.intAt(at + 8) == 0 ? "" : "a void that is none";
        case FRAME -> frameFault(at + 4, length);
      };
    }
    if (fault.isEmpty()) {
      fault = paddingFault(at + 4 + length, end);
    }
    return new Document(kind, end, fault);
  }

  /** The length of the end mark here, 0 when there is none. */
  int endMark(long at) throws IOException {
    if (at == 0 || file.intAt(at) != END_OF_FILE) {
      return 0;
    }
    return file.intAt(at + 4) == END_TEXT ? 8 : 4;
  }

  private boolean isVoid(long at) throws IOException {
    return file.intAt(at + 4) == JournalTail.VOID_MAGIC;
  }

  private String frameFault(long from, int length) throws IOException {
    if (length < FrameWriter.HEADER_BYTES + FrameWriter.TRAILER_BYTES
        || length > JournalWriter.FRAME_BYTES_MAX + 3) {
      return "a document of %d bytes is no frame".formatted(length);
    }
    int own = file.intAt(from + 20);
    if (own != length) {
      return "length field %d, document length %d".formatted(own, length);
    }
    file.copy(from, own, frame.room(own));
    return frame.fault();
  }

  private String paddingFault(long from, long to) throws IOException {
    for (long padding = from; padding < to; padding++) {
      if ((file.intAt(padding) & 0xff) != 0) {
        return "the padding at offset %d is not zero".formatted(padding);
      }
    }
    return "";
  }

  private int damageOfIndex(long at) throws IOException {
    byte[] expected = ChronicleHead.indexStart(at);
    byte[] actual = new byte[expected.length];
    file.copy(at, actual.length, actual);
    int wrong = 0;
    for (int i = 0; i < expected.length; i++) {
      wrong += expected[i] == actual[i] ? 0 : 1;
    }
    return wrong;
  }

  /**
   * What a damaged document was, and where the next one begins, as far as what is left of it tells;
   * null when that cannot be told.
   */
  @Nullable
  Document recognize(long at) throws IOException {
    if (at == 0) {
      return damageOfIndex(ChronicleHead.HEAD_BYTES) <= INDEX_DAMAGE_MAX
          ? new Document(Kind.HEAD, ChronicleHead.HEAD_BYTES, "")
          : null;
    }
    if (damageOfIndex(at) <= INDEX_DAMAGE_MAX) {
      return new Document(Kind.INDEX, ChronicleHead.indexEnd(at), "");
    }
    int own = soundFrame(at + 4);
    if (own > 0) {
      return new Document(Kind.FRAME, end(at, own), "");
    }
    for (int length : new int[] {file.intAt(at) & LENGTH_MASK, file.intAt(at + 24)}) {
      long end = end(at, length);
      if (length > 0
          && length <= JournalWriter.FRAME_BYTES_MAX + 3
          && file.reaches(end)
          && mayBegin(end)) {
        return new Document(Kind.VOID, end, "");
      }
    }
    return null;
  }

  /** Whether a document may begin here, or the file may end. */
  private boolean mayBegin(long at) throws IOException {
    int header = file.intAt(at);
    if (header == END_OF_FILE || header == 0) {
      return file.firstNonZero(at + Math.max(4, endMark(at))) < 0;
    }
    int length = header & LENGTH_MASK;
    int magic = file.intAt(at + 4);
    boolean frame = magic == FrameWriter.MAGIC || magic == JournalTail.VOID_MAGIC;
    int own = file.intAt(at + 24);
    return (header == length && (frame || (own <= length && own >= length - 3)))
        || damageOfIndex(at) <= INDEX_DAMAGE_MAX;
  }

  /** The length of the sound frame that begins here, which is then loaded; 0 when there is none. */
  private int soundFrame(long at) throws IOException {
    int length = file.intAt(at) == FrameWriter.MAGIC ? file.intAt(at + 20) : 0;
    if (length < FrameWriter.HEADER_BYTES + FrameWriter.TRAILER_BYTES
        || length > JournalWriter.FRAME_BYTES_MAX
        || !file.reaches(at + length)) {
      return 0;
    }
    file.copy(at, length, frame.room(length));
    return frame.fault().isEmpty() ? length : 0;
  }

  /** Where the document of the next sound frame begins whose own place is not before this; or -1. */
  long nextFrame(long from) throws IOException {
    long size = file.size();
    for (long place = (from + 3) & ~3L; place + FrameWriter.HEADER_BYTES <= size; place += 4) {
      if (file.intAt(place) == FrameWriter.MAGIC && soundFrame(place) > 0) {
        return place - 4;
      }
    }
    return -1;
  }
}
