package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleFacts;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Copies sealed cycles to an archive and tells what the archive holds. The order makes every step safe
 * to be cut off and done again: the file, then proof that it reads back, then the entry that vouches
 * for it, then the note here.
 */
final class Archiver {

  private static final int ENTRY_BYTES_MAX = 4_096;

  private final ArchiveTarget target;
  private final String owner;

  /** Takes what tells this journal from others: nothing is written into another journal's archive. */
  Archiver(ArchiveTarget target, String owner) {
    this.target = target;
    this.owner = owner;
  }

  static String objectName(int lane, int cycle) {
    return "lane-%d/%sF.cq4".formatted(lane, Cycles.name(cycle));
  }

  static String entryName(int lane, int cycle) {
    return "lane-%d/%sF%s".formatted(lane, Cycles.name(cycle), LaneRecords.SUM);
  }

  ArchiveTarget target() {
    return target;
  }

  /** Archives a sealed cycle; nothing is done when it is already. */
  void archive(LaneFiles files, LaneRecords records, CycleSum sum) throws IOException {
    CycleFacts facts = sum.facts();
    int cycle = facts.cycle();
    ArchiveOwner.claim(target, owner, files.directory());
    if (!holds(sum)) {
      copy(files.path(cycle), sum);
      target.put(entryName(facts.lane(), cycle), records.sumPath(cycle), sum.encode().length);
    }
    records.markArchived(cycle, target.place());
  }

  /** Whether a cycle is there as it was sealed; what else may be there under its name is refused. */
  private boolean holds(CycleSum sum) throws IOException {
    CycleFacts facts = sum.facts();
    Optional<CycleSum> entry = entry(facts.lane(), facts.cycle());
    if (entry.isPresent() && !entry.get().equals(sum)) {
      throw new JournalCorrupt(
          "archive %s: %s is there already with other content (%s, here %s): is it another journal's?"
              .formatted(
                  target.place(),
                  entryName(facts.lane(), facts.cycle()),
                  entry.get().sequences(),
                  sum.sequences()));
    }
    return entry.isPresent()
        && target
            .length(objectName(facts.lane(), facts.cycle()))
            .equals(Optional.of(facts.bytes()));
  }

  private void copy(Path file, CycleSum sum) throws IOException {
    CycleFacts facts = sum.facts();
    MessageDigest digest = Sha256.start();
    CycleFacts now =
        CycleSealer.verified(file, facts.lane(), facts.cycle(), digest).facts();
    if (!now.equals(facts) || !Sha256.hex(digest).equals(sum.sha256())) {
      throw new JournalCorrupt("%s: has changed since it was sealed".formatted(file));
    }
    target.put(objectName(facts.lane(), facts.cycle()), file, facts.bytes());
    requireSame(sum);
  }

  /** Reads an archived cycle back and compares; throws when it is not what was sealed. */
  void requireSame(CycleSum sum) throws IOException {
    String name = objectName(sum.facts().lane(), sum.facts().cycle());
    try (InputStream stream = target.open(name)) {
      if (!Sha256.of(stream).equals(sum.sha256())) {
        throw new IOException(
            "archive %s: %s reads back other than it was sent".formatted(target.place(), name));
      }
    }
  }

  /** Throws unless the archive has a cycle as it was sealed, by its entry and length. */
  void requireHeld(CycleSum sum) throws IOException {
    if (!holds(sum)) {
      throw new IOException("archive %s: %s is not there any more as it was archived"
          .formatted(target.place(), objectName(sum.facts().lane(), sum.facts().cycle())));
    }
  }

  /**
   * The entry of a cycle in the archive; empty when there is none.
   *
   * @throws JournalCorrupt when it does not check out
   */
  Optional<CycleSum> entry(int lane, int cycle) throws IOException {
    String name = entryName(lane, cycle);
    try (InputStream stream = target.open(name)) {
      return Optional.of(CycleSum.decode(
          stream.readNBytes(ENTRY_BYTES_MAX + 1), "archive " + target.place() + ": " + name));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
