package dev.weir.metering.archive;

import dev.weir.metering.dedup.IdentityKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * Whose an archive is. The mark is made from the journal's secret, which cannot be worked out from it,
 * so that a second Weir pointed at the same place by mistake is refused instead of mixing in.
 */
final class ArchiveOwner {

  static final String NAME = "owner";

  private ArchiveOwner() {}

  /** The mark of the journal in a directory. */
  static String mark(Path journal) throws IOException {
    MessageDigest digest = Sha256.start();
    digest.update("weir archive\n".getBytes(StandardCharsets.US_ASCII));
    byte[] secret = Files.readAllBytes(journal.resolve("identity-key"));
    IdentityKey.of(secret);
    digest.update(secret);
    return Sha256.hex(digest);
  }

  /** Makes a new archive this journal's; throws when it is another's. */
  static void claim(ArchiveTarget target, String owner, Path scratch) throws IOException {
    byte[] mark = (owner + "\n").getBytes(StandardCharsets.US_ASCII);
    try (InputStream stream = target.open(NAME)) {
      if (!java.util.Arrays.equals(mark, stream.readNBytes(mark.length + 1))) {
        throw new IOException(
            "archive %s belongs to another journal; give each its own directory or prefix"
                .formatted(target.place()));
      }
    } catch (NoSuchFileException e) {
      Path draft = Files.createTempFile(scratch, ".owner", ".draft");
      try {
        Files.write(draft, mark);
        target.put(NAME, draft, mark.length);
      } finally {
        Files.deleteIfExists(draft);
      }
    }
  }
}
