package dev.weir.metering.dedup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The secret that identities are hashed with, and the tenant keys derived from it. Losing it costs
 * nothing but a rebuild of the index from the journal.
 */
public record IdentityKey(long key0, long key1) {

  public static final int BYTES = 16;

  public static IdentityKey of(byte[] secret) {
    ByteBuffer buffer = ByteBuffer.wrap(secret).order(ByteOrder.LITTLE_ENDIAN);
    return new IdentityKey(buffer.getLong(), buffer.getLong());
  }

  /** The key for one tenant's identities, so that tenants share nothing. */
  public IdentityKey forTenant(UUID tenantId) {
    byte[] bytes = ByteBuffer.allocate(BYTES)
        .putLong(tenantId.getMostSignificantBits())
        .putLong(tenantId.getLeastSignificantBits())
        .array();
    IdentityHash hash = new IdentityHash();
    hash.hash(key0, key1, bytes, 0, BYTES);
    return new IdentityKey(hash.low(), hash.high());
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return "IdentityKey[secret]";
  }
}
