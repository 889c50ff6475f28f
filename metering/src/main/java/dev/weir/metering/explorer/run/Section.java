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

  /** First sequence of a frame, offset of its document in the cycle's file, 0. */
  FRAME,

  /** Place of a record that was taken back, 0, sequence of the void. */
  VOIDED,

  /** As {@link #TIME}, but only conflicts and voids, which are few among many. */
  EXCEPTION
}
