package dev.weir.gateway.rows;

/** Why a row cannot be an event. The names are what users see as codes. */
public enum RowFault {
  /** It breaks the rules of its file's format. */
  ROW_MALFORMED,
  /** It has another number of cells than the header. */
  ROW_CELLS_WRONG,
  /** It is longer than what is read of a row. */
  ROW_TOO_LARGE,
  /** Its bytes are no text of the charset. */
  ROW_CHARSET_WRONG,
  /** Something that every event needs is empty or not there. */
  ROW_FIELD_MISSING,
  /** A cell or property is not what the mapping says. */
  ROW_FIELD_INVALID,
  /** Its time is none. */
  ROW_TIME_INVALID,
  /** A number is none, or has too many digits. */
  ROW_NUMBER_INVALID
}
