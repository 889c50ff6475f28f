package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Says in which volumes an identity may be: 6 bytes an identity outside the heap, namely 36 bits of its
 * hash (the tag) and a volume's number of 12 bits. Together with the 8 bits that name the part, 44 bits
 * are compared: among n identities a new one is taken for a known one n times in 2^44 and costs a
 * needless look into a volume; never more, as the volume knows the whole identity.
 *
 * <p>A part is an array of {@link Buckets}. The parts are between 72 and 89 % full and grow by a quarter,
 * each at another time and with each identity by a step: first the larger array is cleared, then what is in
 * the smaller one goes there, and look-ups ask both. So who adds an identity does not wait for a whole
 * part, which takes milliseconds at a quarter of a million. The number of a forgotten volume is dead until
 * all parts have been swept of it; a part with something dead in it is built anew at once.
 *
 * <p>Confined to one thread. A look-up costs about one cache miss.
 */
final class IdentityTable implements AutoCloseable {

  /** Numbers of volumes are 1 to this. */
  static final int VOLUMES_MAX = Buckets.VOLUMES_MAX;

  static final int PARTS = 256;

  private static final int PART_BITS = 8;
  private static final int BUCKETS_MIN = 4;
  private static final int FULL_PERCENT = 89;
  private static final int REBUILT_PERCENT = 72;

  /**
   * What an identity that is added does for the growth of its part: some microseconds, and done
   * long before the part could need to grow again, or be full: the other array is a quarter larger.
   */
  private static final long CLEARED_BYTES = 4_096;

  private static final long EMPTIED_BUCKETS = 64;

  private final Buckets[] parts = new Buckets[PARTS];

  /** The larger array of a part while it is cleared. */
  private final @Nullable Buckets[] larger = new Buckets[PARTS];

  /** The smaller array of a part while it is emptied. */
  private final @Nullable Buckets[] former = new Buckets[PARTS];

  private final boolean[] dead = new boolean[VOLUMES_MAX + 1];
  private final boolean[] taken = new boolean[VOLUMES_MAX + 1];
  private int deadVolumes;
  private long bytes;

  /** The volumes that the present pass over all parts clears; those that die meanwhile must wait. */
  private boolean[] sweeping = new boolean[0];

  private int sweptParts = PARTS;

  /** The look-up under way: its part, tag and bucket, how many buckets are left after that ... */
  private int part;

  private long tag;
  private long bucket;
  private int distance;

  /** ... which slots of it, and whether it is in the smaller array already. */
  private int hits;

  private boolean inFormer;

  /** Written so that the JVM does not drop the reads of {@link #touch}. */
  @SuppressWarnings("UnusedVariable")
  private long touched;

  /**
   * @param expected how many identities will come soon; it grows beyond
   */
  IdentityTable(long expected) {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = cleared(fitting(i, expected / PARTS));
    }
  }

  /**
   * The number of buckets for so many identities: each part has a geometric series of its own, so that
   * they do not all grow at once.
   */
  private static long fitting(int which, long live) {
    long size = ((long) BUCKETS_MIN << 20) + ((long) BUCKETS_MIN << 18) * which / PARTS;
    while ((size >> 20) * Buckets.SLOTS * REBUILT_PERCENT < live * 100) {
      size += size / 4;
    }
    return size >> 20;
  }

  private Buckets allocated(long count) {
    Buckets made = new Buckets(count);
    bytes += made.bytes();
    return made;
  }

  private Buckets cleared(long count) {
    Buckets made = allocated(count);
    made.clear(Long.MAX_VALUE);
    return made;
  }

  private void free(Buckets buckets) {
    bytes -= buckets.bytes();
    buckets.close();
  }

  private static int partOf(long high) {
    return (int) (high >>> (Long.SIZE - PART_BITS));
  }

  private static long tagOf(long high) {
    return (high << PART_BITS) >>> (Long.SIZE - Buckets.TAG_BITS);
  }

  /** Fetches what a look-up of the identity will need, while the processor does something else. */
  void touch(long high) {
    int which = partOf(high);
    long sum = Buckets.touch(parts[which].home(tagOf(high)));
    Buckets smaller = former[which];
    if (smaller != null) {
      sum ^= Buckets.touch(smaller.home(tagOf(high)));
    }
    touched ^= sum;
  }

  /** Begins a look-up: the first volume that may hold the identity; 0 when there is none. */
  int first(long high) {
    part = partOf(high);
    tag = tagOf(high);
    inFormer = false;
    enter(parts[part]);
    return next();
  }

  private void enter(Buckets in) {
    bucket = in.home(tag);
    distance = Buckets.distance(bucket);
    hits = in.hits(bucket, tag);
  }

  /** Goes on after a volume that did not hold the identity. */
  int next() {
    while (true) {
      while (hits != 0) {
        int volume = Buckets.volume(bucket, hits, tag);
        hits &= hits - 1;
        if (volume != 0 && !dead[volume]) {
          return volume;
        }
      }
      Buckets smaller = former[part];
      if (distance-- > 0) {
        Buckets in = inFormer && smaller != null ? smaller : parts[part];
        bucket = in.after(bucket);
        hits = in.hits(bucket, tag);
      } else if (smaller != null && !inFormer) {
        inFormer = true;
        enter(smaller);
      } else {
        return 0;
      }
    }
  }

  /** Adds the identity looked up last, when that look-up has ended with 0. */
  void insert(int volume) {
    grow(part);
    parts[part].put(tag, volume);
  }

  /** Adds an identity without looking whether it is there. */
  void add(long high, int volume) {
    int which = partOf(high);
    grow(which);
    parts[which].put(tagOf(high), volume);
  }

  /** Does a step of a part's growth if that is under way or due. */
  private void grow(int which) {
    if (former[which] != null) {
      empty(which, EMPTIED_BUCKETS);
      return;
    }
    Buckets full = parts[which];
    if (!full.isFull(FULL_PERCENT)) {
      return;
    }
    Buckets growing = larger[which];
    if (growing == null && rebuiltWithoutDead(which)) {
      // What is left may need so little room that it would be full before the other array is empty.
      return;
    }
    if (growing == null) {
      growing = allocated(fitting(which, full.used()));
      larger[which] = growing;
    }
    if (growing.clear(CLEARED_BYTES)) {
      larger[which] = null;
      replace(which, growing);
    }
  }

  private void replace(int which, Buckets by) {
    former[which] = parts[which];
    parts[which] = by;
  }

  /** Brings on what is in the smaller array, without what belongs to dead volumes. */
  private void empty(int which, long bucketsMax) {
    Buckets smaller = former[which];
    Buckets into = parts[which];
    if (smaller == null) {
      return;
    }
    boolean isEmpty = smaller.empty(bucketsMax, (ofTag, volume) -> {
      if (!dead[volume]) {
        into.put(ofTag, volume);
      }
    });
    if (isEmpty) {
      former[which] = null;
      free(smaller);
    }
  }

  /**
   * Builds a part anew without what belongs to dead volumes, larger or smaller as needed; gives whether there
   * was anything of them.
   */
  private boolean rebuiltWithoutDead(int which) {
    Buckets old = parts[which];
    long deadSlots = deadIn(old);
    if (deadSlots == 0) {
      return false;
    }
    replace(which, cleared(fitting(which, old.used() - deadSlots)));
    empty(which, Long.MAX_VALUE);
    return true;
  }

  /** Ends a part's growth at once, or gives it up when nothing was moved yet. */
  private void endGrowth(int which) {
    empty(which, Long.MAX_VALUE);
    Buckets growing = larger[which];
    if (growing != null) {
      larger[which] = null;
      free(growing);
    }
  }

  private long deadIn(Buckets buckets) {
    if (deadVolumes == 0) {
      return 0;
    }
    long[] count = new long[1];
    buckets.forEach((ofTag, volume) -> count[0] += dead[volume] ? 1 : 0);
    return count[0];
  }

  /** A number for a volume; 0 when all are taken, or were and are not yet swept. */
  int take() {
    for (int number = 1; number <= VOLUMES_MAX; number++) {
      if (!taken[number]) {
        taken[number] = true;
        return number;
      }
    }
    return 0;
  }

  /** Forgets all identities of a volume. Its number can be taken again when every part was swept. */
  void forget(int volume) {
    Invariant.check(taken[volume] && !dead[volume], "a volume is forgotten once");
    dead[volume] = true;
    deadVolumes++;
  }

  /** Clears some parts of what belongs to forgotten volumes. */
  void sweep(int count) {
    for (int i = 0; i < count && (sweptParts < PARTS || deadVolumes > 0); i++) {
      if (sweptParts == PARTS) {
        sweeping = Arrays.copyOf(dead, dead.length);
        sweptParts = 0;
      }
      endGrowth(sweptParts);
      rebuiltWithoutDead(sweptParts);
      if (++sweptParts == PARTS) {
        freeSwept();
      }
    }
  }

  private void freeSwept() {
    for (int number = 1; number <= VOLUMES_MAX; number++) {
      if (sweeping[number]) {
        dead[number] = false;
        taken[number] = false;
        deadVolumes--;
      }
    }
  }

  /** Whether what is in a part lies in two arrays. */
  boolean isMoving(int which) {
    return former[which] != null;
  }

  /** Bytes outside the heap. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    for (int i = 0; i < PARTS && bytes > 0; i++) {
      endGrowth(i);
      free(parts[i]);
    }
  }
}
