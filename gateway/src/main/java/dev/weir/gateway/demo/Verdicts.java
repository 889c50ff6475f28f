package dev.weir.gateway.demo;

/** How many events got which verdict. */
record Verdicts(long accepted, long duplicates, long conflicts, long rejected) {

  static final Verdicts NONE = new Verdicts(0, 0, 0, 0);

  Verdicts plus(Verdicts other) {
    return new Verdicts(
        accepted + other.accepted,
        duplicates + other.duplicates,
        conflicts + other.conflicts,
        rejected + other.rejected);
  }

  long total() {
    return accepted + duplicates + conflicts + rejected;
  }
}
