package dev.weir.metering.journal;

import dev.weir.metering.dedup.IdentityKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** All lanes of one data directory, and the secret that identities are hashed with. */
public final class Journal implements AutoCloseable {

  private final IdentityKey identityKey;
  private final SortedMap<Integer, JournalLane> lanes;

  private Journal(IdentityKey identityKey, SortedMap<Integer, JournalLane> lanes) {
    this.identityKey = identityKey;
    this.lanes = lanes;
  }

  /** Opens a journal of which nothing is archived. */
  public static Journal open(
      Path directory, int writtenLanes, InstantSource clock, RandomGenerator secrets)
      throws IOException {
    return open(directory, writtenLanes, clock, secrets, CycleArchive.NONE);
  }

  /**
   * Opens the lanes that exist and those that will be written.
   *
   * @param secrets makes the identity key at the first start; must be a secure generator
   * @param archive where cycles are that are not here
   */
  public static Journal open(
      Path directory,
      int writtenLanes,
      InstantSource clock,
      RandomGenerator secrets,
      CycleArchive archive)
      throws IOException {
    Files.createDirectories(directory);
    TreeMap<Integer, JournalLane> lanes = new TreeMap<>();
    for (int i = 0; i < writtenLanes || Files.exists(directory.resolve("lane-" + i)); i++) {
      lanes.put(i, JournalLane.open(directory, i, clock, archive));
    }
    return new Journal(identityKey(directory.resolve("identity-key"), secrets), lanes);
  }

  private static IdentityKey identityKey(Path file, RandomGenerator secrets) throws IOException {
    if (!Files.exists(file)) {
      byte[] secret = new byte[IdentityKey.BYTES];
      secrets.nextBytes(secret);
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, secret, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
    return IdentityKey.of(Files.readAllBytes(file));
  }

  public IdentityKey identityKey() {
    return identityKey;
  }

  public Collection<JournalLane> lanes() {
    return lanes.values();
  }

  public JournalLane lane(int number) {
    JournalLane lane = lanes.get(number);
    if (lane == null) {
      throw new IllegalArgumentException("no lane " + number);
    }
    return lane;
  }

  @Override
  public void close() {
    lanes.values().forEach(JournalLane::close);
  }
}
