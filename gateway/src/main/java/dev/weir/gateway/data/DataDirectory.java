package dev.weir.gateway.data;

import dev.weir.gateway.config.StartFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A data directory that this process, and no other, uses until it is closed. */
public final class DataDirectory implements AutoCloseable {

  private static final String LOCK_FILE = "weir.lock";
  private static final int NOTE_BYTES_MAX = 32;

  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the directory if it is missing and takes it.
   *
   * @throws StartFailure if it cannot be written or another Weir uses it
   */
  public static DataDirectory open(Path directory) {
    FileChannel channel = null;
    try {
      create(directory);
      channel = FileChannel.open(
          directory.resolve(LOCK_FILE),
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE);
      lock(directory, channel);
      return new DataDirectory(directory.toRealPath(), channel);
    } catch (IOException | StartFailure e) {
      close(channel);
      throw e instanceof StartFailure failure ? failure : unusable(directory, (IOException) e);
    }
  }

  private static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (PrivateFile.hasPosixPermissions(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  private static void lock(Path directory, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw StartFailure.surroundings(
          "the data directory %s is in use by another Weir%s; stop it or choose another with --data."
              .formatted(directory, holder(channel)));
    }
    channel.truncate(0);
    ByteBuffer note = StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n");
    while (note.hasRemaining()) {
      channel.write(note);
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer note = ByteBuffer.allocate(NOTE_BYTES_MAX);
    channel.read(note, 0);
    String pid = StandardCharsets.UTF_8.decode(note.flip()).toString().strip();
    return pid.isEmpty() ? "" : " (process " + pid + ")";
  }

  private static StartFailure unusable(Path directory, IOException e) {
    String why = e instanceof AccessDeniedException
        ? "permission denied"
        : e.getClass().getSimpleName().replace("Exception", "").toLowerCase(Locale.ROOT) + " "
            + e.getMessage();
    return StartFailure.surroundings(
        "the data directory %s cannot be used (%s); choose one that this user can write with --data."
            .formatted(directory, why));
  }

  public Path path() {
    return path;
  }

  /** Lets another process have the directory. */
  @Override
  public void close() {
    close(channel);
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
