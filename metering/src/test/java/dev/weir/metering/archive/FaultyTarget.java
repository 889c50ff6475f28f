package dev.weir.metering.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A target at which the process dies at the n-th call, before or after it has had its effect. */
final class FaultyTarget implements ArchiveTarget {

  /** The end of the process, as the code under test sees it: nothing it could handle. */
  static final class Cut extends Error {
    Cut() {
      super("cut off");
    }
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private final ArchiveTarget target;
  private final int cutAt;
  private final boolean after;
  private boolean away;
  private int calls;

  FaultyTarget(ArchiveTarget target, int cutAt, boolean after) {
    this.target = target;
    this.cutAt = cutAt;
    this.after = after;
  }

  /** From now on every call fails as when the network is gone. */
  FaultyTarget away() {
    away = true;
    return this;
  }

  private <T> T call(Call<T> call) throws IOException {
    if (away) {
      throw new IOException("archive %s is away".formatted(place()));
    }
    boolean cut = calls++ == cutAt;
    if (cut && !after) {
      throw new Cut();
    }
    try {
      return call.run();
    } finally {
      if (cut) {
        cut();
      }
    }
  }

  private static void cut() {
    throw new Cut();
  }

  @Override
  public String place() {
    return target.place();
  }

  @Override
  public void put(String name, Path file, long length) throws IOException {
    call(() -> {
      target.put(name, file, length);
      return name;
    });
  }

  @Override
  public Optional<Long> length(String name) throws IOException {
    return call(() -> target.length(name));
  }

  @Override
  public InputStream open(String name) throws IOException {
    return call(() -> target.open(name));
  }

  @Override
  public List<String> names(String prefix) throws IOException {
    return call(() -> target.names(prefix));
  }

  @Override
  public void delete(String name) throws IOException {
    call(() -> {
      target.delete(name);
      return name;
    });
  }

  @Override
  public void close() {}
}
