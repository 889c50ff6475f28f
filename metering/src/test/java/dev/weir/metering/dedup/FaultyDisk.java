package dev.weir.metering.dedup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A disk of which some calls fail: one, all from one on until it is mended, or the process with it. Waits
 * for nothing, as nothing here cuts the power.
 */
final class FaultyDisk implements SegmentDisk {

  /** The process is killed: nothing it would do after that happens. */
  static final class Killed extends RuntimeException {
    Killed() {
      super("killed");
    }
  }

  private int calls;
  private int failFrom = Integer.MAX_VALUE;
  private int failTo = Integer.MAX_VALUE;
  private boolean kills;

  /** Only this call fails, counted from 1. */
  FaultyDisk failingOnce(int call) {
    failFrom = call;
    failTo = call;
    return this;
  }

  /** This call and all after it fail. */
  FaultyDisk failingFrom(int call) {
    failFrom = call;
    failTo = Integer.MAX_VALUE;
    return this;
  }

  /** The process is killed in this call. */
  FaultyDisk killingAt(int call) {
    failFrom = call;
    kills = true;
    return this;
  }

  synchronized void mend() {
    failFrom = Integer.MAX_VALUE;
  }

  synchronized void breakNow() {
    failFrom = calls + 1;
    failTo = Integer.MAX_VALUE;
  }

  int calls() {
    return calls;
  }

  private synchronized boolean fails() {
    calls++;
    return calls >= failFrom && (kills || calls <= failTo);
  }

  private void fail() throws IOException {
    if (kills) {
      throw new Killed();
    }
    throw new IOException("No space left on device (injected)");
  }

  private void step() throws IOException {
    if (fails()) {
      fail();
    }
  }

  @Override
  public FileChannel create(Path file) throws IOException {
    step();
    return FILES.create(file);
  }

  @Override
  public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    if (fails()) {
      // Half of it is there all the same.
      FILES.write(channel, bytes.duplicate().limit(bytes.limit() / 2));
      fail();
    }
    FILES.write(channel, bytes);
  }

  @Override
  public void force(FileChannel channel) throws IOException {
    step();
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    FILES.rename(from, to);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    step();
  }

  @Override
  public void delete(Path file) throws IOException {
    step();
    FILES.delete(file);
  }
}
