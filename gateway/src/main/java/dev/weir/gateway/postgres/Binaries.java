package dev.weir.gateway.postgres;

import dev.weir.gateway.config.StartFailure;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs for this platform, unpacked once from the jar on the class path.
 *
 * <p>Unpacking goes to a draft directory that is then renamed, so that several processes may do it at
 * the same time and a crash leaves nothing half done under the final name.
 */
final class Binaries {

  /** Part of the directory's name; goes up with the jar's version in the pom. */
  static final String VERSION = "18.6.0";

  static final int MAJOR = 18;

  private final Path home;

  private Binaries(Path home) {
    this.home = home;
  }

  /** The programs, unpacked below {@code cache} if they are not there yet (about 2 s, 60 MB). */
  static Binaries unpacked(Path cache) {
    Path home = cache.resolve("postgres-" + VERSION + "-" + platform());
    if (!Files.isExecutable(home.resolve("bin/postgres"))) {
      try {
        unpack(cache, home);
      } catch (IOException e) {
        throw StartFailure.surroundings(
            ("PostgreSQL's programs for %s cannot be unpacked below %s: %s;"
                    + " or use a server of your own with WEIR_DATABASE_URL.")
                .formatted(platform(), cache, e));
      }
    }
    return new Binaries(home);
  }

  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  private static void unpack(Path cache, Path home) throws IOException {
    Files.createDirectories(cache);
    Path draft = Files.createTempDirectory(cache, "unpacking-");
    try {
      if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
              system(), System.getProperty("os.arch"));
          TarArchiveInputStream tar = new TarArchiveInputStream(
              new XZInputStream(new BufferedInputStream(packed, 1 << 16)))) {
        unpack(tar, draft);
      }
      Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      delete(draft); // another process was quicker
    } catch (IOException | IllegalStateException e) {
      delete(draft);
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void unpack(TarArchiveInputStream tar, Path target) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path file = target.resolve(entry.getName()).normalize();
      if (!file.startsWith(target)) {
        throw new IOException("entry outside the archive: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
        continue;
      }
      Files.createDirectories(file.resolveSibling("."));
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      } else {
        Files.copy(tar, file);
        if ((entry.getMode() & 0100) != 0 && !file.toFile().setExecutable(true, false)) {
          throw new IOException("cannot make executable: " + file);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String platform() {
    return (system() + "-" + System.getProperty("os.arch")).toLowerCase(Locale.ROOT);
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "Darwin" : name.startsWith("linux") ? "Linux" : name;
  }
}
