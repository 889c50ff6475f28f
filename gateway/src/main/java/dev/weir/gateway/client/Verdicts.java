package dev.weir.gateway.client;

/** How many events got which verdict. */
public record Verdicts(long accepted, long duplicates, long conflicts, long rejected) {

  public static final Verdicts NONE = new Verdicts(0, 0, 0, 0);

  public Verdicts plus(Verdicts other) {
    return new Verdicts(
        accepted + other.accepted,
        duplicates + other.duplicates,
        conflicts + other.conflicts,
        rejected + other.rejected);
  }

  public long total() {
    return accepted + duplicates + conflicts + rejected;
  }
}
