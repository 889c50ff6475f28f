package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;

/**
 * How a segment's identities are laid out, in order of their hash: pages of some 128 to 512 identities that
 * share the first bits, and in a page groups that share the first bytes, which are then not stored.
 *
 * @param prefixBytes how many bytes of an identity follow from its group
 * @param pageBits how many bits of an identity follow from its page
 */
record SegmentLayout(int prefixBytes, int pageBits) {

  static final int PREFIX_BYTES_MAX = 2;

  /** A group's size is stored in two bytes. */
  static final int GROUP_MAX = 0xffff;

  private static final int PAGE_IDENTITIES_MIN = 128;
  private static final int CHECKSUM_BYTES = 4;

  SegmentLayout {
    Invariant.check(
        prefixBytes >= 0
            && prefixBytes <= PREFIX_BYTES_MAX
            && pageBits >= 0
            && pageBits <= 8 * prefixBytes,
        "layout out of range");
  }

  /** One page with everything, for identities that are not spread as hashes are. */
  static final SegmentLayout SINGLE_PAGE = new SegmentLayout(0, 0);

  static SegmentLayout of(int count) {
    int prefixBytes = 0;
    while (prefixBytes < PREFIX_BYTES_MAX && count >>> (8 * prefixBytes + 9) > 0) {
      prefixBytes++;
    }
    int pages = Integer.highestOneBit(Math.max(1, count / PAGE_IDENTITIES_MIN));
    return new SegmentLayout(
        prefixBytes, Math.min(8 * prefixBytes, Integer.numberOfTrailingZeros(pages)));
  }

  static SegmentLayout read(int prefixBytes, int pageBits) throws SegmentDamaged {
    if (prefixBytes < 0
        || prefixBytes > PREFIX_BYTES_MAX
        || pageBits < 0
        || pageBits > 8 * prefixBytes) {
      throw new SegmentDamaged("impossible layout");
    }
    return new SegmentLayout(prefixBytes, pageBits);
  }

  int pages() {
    return 1 << pageBits;
  }

  int groupsInPage() {
    return 1 << (8 * prefixBytes - pageBits);
  }

  int pageOf(long high) {
    return pageBits == 0 ? 0 : (int) (high >>> (64 - pageBits));
  }

  /** The group of an identity, counted from the start of its page. */
  int groupInPage(long high) {
    return prefixBytes == 0 ? 0 : (int) (high >>> (64 - 8 * prefixBytes)) & (groupsInPage() - 1);
  }

  /** What of the high word is stored: all but the group's bytes. */
  long suffix(long high) {
    return prefixBytes == 0 ? high : high & (-1L >>> (8 * prefixBytes));
  }

  /** The high word of an identity again. */
  long high(int page, int group, long suffix) {
    long prefix = (long) page * groupsInPage() + group;
    return prefixBytes == 0 ? suffix : prefix << (64 - 8 * prefixBytes) | suffix;
  }

  /** Identity and 32 bits of the payload hash. */
  int entryBytes() {
    return 20 - prefixBytes;
  }

  /** The sizes of a page's groups; not stored when there is only one. */
  int groupSizesBytes() {
    return groupsInPage() == 1 ? 0 : 2 * groupsInPage();
  }

  long pageBytes(int identities) {
    return groupSizesBytes() + (long) identities * entryBytes() + CHECKSUM_BYTES;
  }

  /** Number of identities before each page, and in all. */
  int directoryBytes() {
    return 4 * (pages() + 1);
  }

  /** Where a page begins in the file. */
  long pageOffset(int page, int identitiesBefore) {
    return SegmentHeader.BYTES
        + directoryBytes()
        + (long) page * (groupSizesBytes() + CHECKSUM_BYTES)
        + (long) identitiesBefore * entryBytes();
  }
}
