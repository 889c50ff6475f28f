package dev.weir.gateway.imports.resume;

/** What to do with a file that was imported before, or partly. */
public enum Again {
  /** Go on where it stopped. */
  CONTINUE,
  /** From the start, with the same ids, so that nothing is counted twice. */
  RESTART,
  /** As another file, with ids of its own. */
  NEW
}
