package dev.weir.gateway.imports.reading;

import dev.weir.gateway.terminal.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A file, or standard input, with what gzip has packed unpacked. */
public final class Input {

  /** Enough to see what kind of file it is, and its first rows. */
  static final int HEAD_BYTES = 1 << 20;

  private static final int GZIP_MAGIC_0 = 0x1F;
  private static final int GZIP_MAGIC_1 = 0x8B;

  private final String name;
  private final @Nullable Path path;
  private final InputStream standardInput;

  private Input(String name, @Nullable Path path, InputStream standardInput) {
    this.name = name;
    this.path = path;
    this.standardInput = standardInput;
  }

  public static Input file(Path path) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new CommandFailure(
          "There is no readable file %s; '-' reads standard input.".formatted(path));
    }
    return new Input(
        String.valueOf(path.getFileName()), path.toAbsolutePath(), InputStream.nullInputStream());
  }

  /** Can be opened only once. */
  public static Input standard(InputStream standardInput) {
    return new Input("standard input", null, standardInput);
  }

  public String name() {
    return name;
  }

  /** Null for standard input, which cannot be read twice. */
  public @Nullable Path path() {
    return path;
  }

  /** Bytes as they are stored, for showing how far reading is; -1 if nobody knows. */
  public long storedBytes() throws IOException {
    return path == null ? -1 : Files.size(path);
  }

  /** Opens it at its start. */
  public Content open() throws IOException {
    InputStream stored = path == null ? standardInput : Files.newInputStream(path);
    CountingStream counting = new CountingStream(stored);
    byte[] magic = counting.readNBytes(2);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(magic), counting);
    boolean gzip =
        magic.length == 2 && (magic[0] & 0xFF) == GZIP_MAGIC_0 && (magic[1] & 0xFF) == GZIP_MAGIC_1;
    return new Content(gzip ? new GZIPInputStream(whole, 1 << 16) : whole, counting);
  }

  /** Opens it after so many bytes of content. */
  public Content openAt(long offset) throws IOException {
    Content content = open();
    content.stream().skipNBytes(offset);
    return content;
  }

  /**
   * What is read.
   *
   * @param stream the content, unpacked
   * @param stored counts the bytes as they are stored
   */
  public record Content(InputStream stream, CountingStream stored) {

    /** Takes the first bytes off the stream. */
    public byte[] head() throws IOException {
      return stream.readNBytes(HEAD_BYTES);
    }

    /** The stream with the bytes put back in front. */
    public InputStream after(byte[] head) {
      return new SequenceInputStream(new ByteArrayInputStream(head), stream);
    }
  }

  /** Counts what passes. The count may be read by any thread. */
  public static final class CountingStream extends FilterInputStream {

    private volatile long count;

    private CountingStream(InputStream stream) {
      super(stream);
    }

    /** Bytes so far. */
    public long count() {
      return count;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      add(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      add(Math.max(read, 0));
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long skipped = super.skip(bytes);
      add(skipped);
      return skipped;
    }

    /** Only the reading thread changes the count. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void add(long bytes) {
      count += bytes;
    }
  }
}
