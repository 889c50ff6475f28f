package dev.weir.metering.explorer.run;

/**
 * The trees of a run. Entries are three numbers, by which they are sorted, and a tag of up to 31 bits.
 * A sequence is that of a record in the run's lane.
 */
public enum Section {
  /** Key of tenant and subject, event time, sequence: a subject's records by time. */
  SUBJECT,

  /** Key of the tenant, event time, sequence: a tenant's records by time. */
  TIME,

  /** Key of tenant, id and source, 0, sequence: the records of an event. */
  IDENTITY,

  /**
   * Sequence, offset of the record's head in the cycle's file, offset of its data; the tag is a checksum
   * of the record.
   */
  RECORD,

  /**
   * First sequence of a request's records, offset of its group in the cycle's file, offset of the
   * document of its frame.
   */
  GROUP,

  /** Place of a record that was taken back, 0, sequence of the void. */
  VOIDED,

  /** As {@link #TIME}, but only conflicts and voids, which are few among many. */
  EXCEPTION
}
