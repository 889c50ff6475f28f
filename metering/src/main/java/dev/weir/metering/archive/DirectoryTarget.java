package dev.weir.metering.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An archive in a directory, usually on another disk or a mounted share. A file appears under its name
 * by a rename, after its bytes were forced; names that begin with a dot are drafts that a crash left.
 */
public final class DirectoryTarget implements ArchiveTarget {

  private final Path root;

  /** Takes an absolute directory, made at the first {@link #put}. */
  public DirectoryTarget(Path root) {
    this.root = root;
  }

  @Override
  public String place() {
    return root.toString();
  }

  @Override
  public void put(String name, Path file, long length) throws IOException {
    Path target = path(name);
    Path draft = target.resolveSibling("." + target.getFileName() + ".draft");
    createDirectories(parent(target));
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to = FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long copied = 0;
      while (copied < length) {
        long count = from.transferTo(copied, length - copied, to);
        if (count <= 0) {
          throw new EOFException(
              "%s: ends at %d bytes, expected %d".formatted(file, copied, length));
        }
        copied += count;
      }
      to.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(parent(target));
  }

  @Override
  public Optional<Long> length(String name) throws IOException {
    try {
      return Optional.of(Files.size(path(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(path(name));
  }

  @Override
  public List<String> names(String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return names;
    }
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (name.startsWith(prefix) && !file.getFileName().toString().startsWith(".")) {
          names.add(name);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    names.sort(null);
    return names;
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  private Path path(String name) {
    return root.resolve(ObjectName.check(name));
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no directory");
    }
    return parent;
  }

  /** Makes a directory and all above it, each entry durable. */
  private static void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    createDirectories(parent(directory));
    Files.createDirectories(directory);
    syncDirectory(parent(directory));
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  @Override
  public void close() {}
}
