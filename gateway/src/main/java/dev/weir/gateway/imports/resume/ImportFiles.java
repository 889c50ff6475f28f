package dev.weir.gateway.imports.resume;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.weir.gateway.imports.reading.ImportJson;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that an import keeps beside the one it reads: the state, which is replaced atomically, and
 * the rejected rows. Nobody else may use them at the same time. One thread at a time.
 */
public final class ImportFiles implements Closeable {

  private static final String STATE = ".weir-import";
  private static final String REJECTED = ".rejected.ndjson";

  private final @Nullable Path state;
  private final Path rejected;
  private final FileLease lease;
  private @Nullable FileChannel rejectedRows;
  private long rejectedBytes;

  private ImportFiles(@Nullable Path state, Path rejected, FileLease lease) {
    this.state = state;
    this.rejected = rejected;
    this.lease = lease;
  }

  /**
   * Names them after the input.
   *
   * @param name of the input
   * @param resumable whether there is a state
   */
  public static ImportFiles in(Path directory, String name, boolean resumable) {
    Path state = directory.resolve(name + STATE);
    try {
      FileLease lease = FileLease.take(directory.resolve(name + STATE + ".lock"));
      if (lease == null) {
        throw new CommandFailure(
            "Another import of %s is running; wait for its end.".formatted(name));
      }
      return new ImportFiles(resumable ? state : null, directory.resolve(name + REJECTED), lease);
    } catch (IOException e) {
      throw new CommandFailure(
          "Cannot write in %s (%s); name a directory for the state and the rejected rows with --state-dir."
              .formatted(directory, e));
    }
  }

  public Path rejectedPath() {
    return rejected;
  }

  /** The state that was saved last, or null if there is none that can be used. */
  public @Nullable ImportState load(Again again) throws IOException {
    if (state == null || !Files.exists(state)) {
      return null;
    }
    try {
      return ImportState.of(ImportJson.MAPPER.readTree(Files.readAllBytes(state)));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      if (again == Again.NEW) {
        return null;
      }
      throw new CommandFailure(
          "%s is no state of an import (%s); put it back as it was, or import the file under new ids with --new."
              .formatted(state, e.getMessage()));
    }
  }

  /** Keeps so many bytes of the rejected rows; what comes after was not acknowledged as told. */
  public void keepRejected(long bytes) throws IOException {
    long there = Files.exists(rejected) ? Files.size(rejected) : 0;
    if (there < bytes) {
      throw new CommandFailure(
          "%s is shorter than the state says; put it back, or begin again with --restart."
              .formatted(rejected));
    }
    if (bytes == 0) {
      Files.deleteIfExists(rejected);
    } else {
      rejectedRows().truncate(bytes);
    }
    rejectedBytes = bytes;
  }

  /** Appends; on disk after the next {@link #save}. */
  public void reject(List<RefusedRow> rows) throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    rows.forEach(row -> lines.writeBytes(row.json()));
    FileChannel channel = rejectedRows();
    ByteBuffer buffer = ByteBuffer.wrap(lines.toByteArray());
    long at = rejectedBytes;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
    rejectedBytes = at;
  }

  private FileChannel rejectedRows() throws IOException {
    if (rejectedRows == null) {
      rejectedRows =
          FileChannel.open(rejected, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
    return rejectedRows;
  }

  /** Length of the file of rejected rows. */
  public long rejectedBytes() {
    return rejectedBytes;
  }

  /** Puts the rejected rows on disk and then replaces the state. */
  public void save(ImportState newState) throws IOException {
    if (rejectedRows != null) {
      rejectedRows.force(false);
    }
    if (state == null) {
      return;
    }
    Path next = state.resolveSibling(state.getFileName() + ".next");
    try (FileChannel channel = FileChannel.open(
        next,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(newState.json());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(next, state, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    if (rejectedRows != null) {
      rejectedRows.close();
    }
    lease.close();
  }
}
