package dev.weir.metering.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file or, for forcing its names, an open directory. Shared by no threads. */
final class SimulatedChannel extends FileChannel {

  private final SimulatedDisk disk;
  private final String name;

  /** Null when this is a directory. */
  private final SimulatedFile file;

  private long position;

  SimulatedChannel(SimulatedDisk disk, String name, SimulatedFile file) {
    this.disk = disk;
    this.name = name;
    this.file = file;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = read(target, position);
    position += Math.max(count, 0);
    return count;
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    disk.reading();
    if (at >= file.size()) {
      return target.hasRemaining() ? -1 : 0;
    }
    int count = (int) Math.min(target.remaining(), file.size() - at);
    target.put(file.cache(), (int) at, count);
    return count;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      int count = read(targets[i]);
      if (count < 0) {
        return total == 0 ? -1 : total;
      }
      total += count;
    }
    return total;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = write(source, position);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    disk.write(file, bytes, Math.toIntExact(at));
    return bytes.length;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      total += write(sources[i]);
    }
    return total;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public FileChannel truncate(long size) {
    file.truncate((int) Math.min(size, file.size()));
    position = Math.min(position, size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    if (file == null) {
      disk.forceDirectory(name);
    } else {
      disk.force(file);
    }
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    int length = (int) Math.max(0, Math.min(count, file.size() - from));
    return target.write(ByteBuffer.wrap(file.cache().clone(), (int) from, length));
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void implCloseChannel() {}
}
