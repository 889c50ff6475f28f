package dev.weir.metering.explorer.run;

import dev.weir.metering.event.EventBatch;

/**
 * What an entry tells of its record beyond its key: 4 bits of flags and 10 of the type's hash, so that
 * most records of other types need not be read. A tag is below 2^14 and takes two bytes.
 */
public final class EntryTags {

  private static final int FLAG_BITS = 4;
  private static final int FLAGS_MASK = (1 << FLAG_BITS) - 1;
  private static final int TYPES_MASK = (1 << 10) - 1;

  /** In the place of a bit that the index has no use for: whether the event came with a time. */
  private static final int REPLACED = EventBatch.FLAG_TIME_GIVEN;

  private EntryTags() {}

  /** The tag of a record with these flags, see {@link EventBatch}. */
  public static int of(int typeHash, int flags) {
    return (typeHash & TYPES_MASK) << FLAG_BITS
        | (flags & FLAGS_MASK & ~EventBatch.FLAG_TIME_GIVEN);
  }

  /** Whether the record may have the type with this hash. */
  public static boolean mayBeOf(int tag, int typeHash) {
    return tag >> FLAG_BITS == (typeHash & TYPES_MASK);
  }

  public static boolean isConflict(int tag) {
    return (tag & EventBatch.FLAG_CONFLICT) != 0;
  }

  public static boolean isVoid(int tag) {
    return (tag & EventBatch.FLAG_VOID) != 0;
  }

  /** Whether a void is followed by what takes the place of the voided record. */
  public static boolean isReplaced(int tag) {
    return (tag & REPLACED) != 0;
  }

  static int replaced(int tag) {
    return tag | REPLACED;
  }

  static int flags(int tag) {
    return tag & FLAGS_MASK;
  }

  static boolean isException(int tag) {
    return isConflict(tag) || isVoid(tag);
  }
}
