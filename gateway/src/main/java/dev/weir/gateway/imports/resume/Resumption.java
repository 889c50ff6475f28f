package dev.weir.gateway.imports.resume;

import dev.weir.gateway.imports.reading.Fingerprint;
import dev.weir.gateway.imports.resume.ImportState.Job;
import dev.weir.gateway.terminal.CommandFailure;
import org.jspecify.annotations.Nullable;

/** Decides from where an import goes on. Pure. */
public final class Resumption {

  private Resumption() {}

  /** What made ids begin with: a file that is sent again keeps it, though its content changed. */
  public static String idPrefix(
      @Nullable ImportState saved, Fingerprint content, Again again, @Nullable String said) {
    if (said != null) {
      return said;
    }
    return saved == null || again == Again.NEW
        ? content.idPrefix()
        : saved.job().idPrefix();
  }

  /**
   * The state to go on from; refuses to go on with something else than what was begun.
   *
   * @param file its name, for messages
   */
  public static ImportState begin(
      String file, @Nullable ImportState saved, Job wanted, Again again) {
    if (saved == null || again != Again.CONTINUE) {
      return ImportState.start(wanted);
    }
    Job begun = saved.job();
    if (!begun.content().equals(wanted.content())) {
      throw new CommandFailure("""
          %s has changed since its import began. If it is the same usage, corrected or extended, use \
          --restart: rows keep their ids, so those that did not change are duplicates, and changed \
          ones are reported as conflicts. If it is other usage of the same name, use --new.""".formatted(file));
    }
    if (!begun.mapping().equals(wanted.mapping())) {
      throw new CommandFailure("""
          The import of %s was begun with another mapping. Give the same options to go on, or \
          --restart to send all rows with this one: rows that were taken with the other are then \
          reported as conflicts, and counted as they were.""".formatted(file));
    }
    if (!begun.idPrefix().equals(wanted.idPrefix())) {
      throw new CommandFailure("""
          The import of %s was begun with the ids %s-1, %s-2, …; leave out --id-prefix to go on with \
          them, or use --restart for new ones, as which rows that were taken count once more.""".formatted(file, begun.idPrefix(), begun.idPrefix()));
    }
    if (!begun.server().equals(wanted.server()) || !begun.key().equals(wanted.key())) {
      throw new CommandFailure("""
          The import of %s was begun with another key, or into another server (%s). Give the same to \
          go on, or --restart to send all rows to %s with this key; rows that it has are duplicates.""".formatted(file, begun.server(), wanted.server()));
    }
    return saved;
  }
}
