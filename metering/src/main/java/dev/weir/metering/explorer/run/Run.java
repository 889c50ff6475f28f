package dev.weir.metering.explorer.run;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A run on disk. Holds the header in memory and the file closed: each search opens it anew, so that any
 * number of runs can be at hand. Thread-safe.
 */
public final class Run implements Searchable {

  private final Path path;
  private final RunHeader header;

  Run(Path path, RunHeader header) {
    this.path = path;
    this.header = header;
  }

  /** Reads the header of a file; throws {@link RunDamaged} when it is not sound. */
  public static Run open(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      RunHeader header = RunHeader.read(read(channel, 0, RunHeader.BYTES));
      if (channel.size() != header.fileBytes()) {
        throw new RunDamaged(
            path, "%d bytes long instead of %d".formatted(channel.size(), header.fileBytes()));
      }
      return new Run(path, header);
    } catch (IOException | IllegalArgumentException e) {
      throw new RunDamaged(path, String.valueOf(e));
    }
  }

  private static byte[] read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("ends at offset " + (offset + bytes.position()));
      }
    }
    return bytes.array();
  }

  public Path path() {
    return path;
  }

  @Override
  public Stretch stretch() {
    return header.stretch();
  }

  @Override
  public Times times() {
    return header.times();
  }

  public long fileBytes() {
    return header.fileBytes();
  }

  @Override
  public long entries(Section section) {
    return header.root(section).entries();
  }

  TreeRoot root(Section section) {
    return header.root(section);
  }

  FileChannel openFile() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  Page page(FileChannel channel, long offset, int length, int height) throws IOException {
    boolean plausible = offset >= RunHeader.BYTES
        && length > 0
        && length <= PageWriter.PAGE_BYTES_MAX
        && offset <= header.fileBytes() - length;
    if (!plausible) {
      throw new RunDamaged(path, "no page of %d bytes at offset %d".formatted(length, offset));
    }
    try {
      return Page.read(read(channel, offset, length), length, height);
    } catch (IllegalArgumentException e) {
      throw new RunDamaged(path, "page at offset %d: %s".formatted(offset, e.getMessage()));
    }
  }

  @Override
  public Page last(Section section, Key low, Key high) {
    TreeRoot root = header.root(section);
    if (root.isEmpty()) {
      return Page.EMPTY;
    }
    try (FileChannel channel = openFile()) {
      Page top = page(channel, root.offset(), root.length(), root.height());
      return leaf(channel, top, root.height(), high).between(low, high);
    } catch (IOException e) {
      throw new RunDamaged(path, String.valueOf(e));
    }
  }

  /** The leaf below a page that has the last entry not above the key; empty when there is none. */
  Page leaf(FileChannel channel, Page top, int topHeight, Key key) throws IOException {
    Page page = top;
    for (int height = topHeight; height > 0; height--) {
      int child = page.lastAtMost(key);
      if (child < 0) {
        return Page.EMPTY;
      }
      page = page(channel, page.offset(child), page.tag(child), height - 1);
    }
    return page;
  }

  @Override
  public Lookup lookup() {
    return new RunLookup(this);
  }

  @Override
  public String toString() {
    return path.getFileName() + " " + header.stretch();
  }
}
