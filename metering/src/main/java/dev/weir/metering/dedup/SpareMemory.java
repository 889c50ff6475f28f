package dev.weir.metering.dedup;

import org.jspecify.annotations.Nullable;

/**
 * Memory for the next volume of a lane, made ready in the sealing thread: usually that of the volume sealed
 * last. Memory that the system has just given costs the thread that writes it first a fault for each
 * page: 3 to 30 milliseconds for a volume of a million identities, while its lane would wait.
 *
 * <p>Keeps one volume's memory at most; more waits only to be freed. Thread-safe. What takes time is done by
 * the sealing thread, unless it has nothing ready.
 */
final class SpareMemory {

  private final VolumeSealer sealer;

  /** Whether there will be further volumes. */
  private final boolean grows;

  private @Nullable MemoryVolume ready;

  /** Whether the sealing thread will make some ready. */
  private boolean coming;

  /** Bytes of what waits for the sealing thread. */
  private long waitingBytes;

  private boolean closed;

  /**
   * @param grows whether the lane is written; of one that is not, all memory is freed
   */
  SpareMemory(VolumeSealer sealer, boolean grows) {
    this.sealer = sealer;
    this.grows = grows;
  }

  /** Gives what is ready if it suits so many identities; else fresh memory. */
  MemoryVolume take(int expected) {
    MemoryVolume taken = takeReady();
    if (taken != null && taken.suits(expected)) {
      return taken;
    }
    if (taken != null) {
      submit(taken, false);
    }
    return new MemoryVolume(expected);
  }

  private synchronized @Nullable MemoryVolume takeReady() {
    MemoryVolume taken = ready;
    ready = null;
    return taken;
  }

  /** Has memory for so many identities made ready unless there is some, or will be. */
  void prepare(int expected) {
    if (!comes()) {
      return;
    }
    sealer.submitMemory(new VolumeSealer.MemoryTask() {
      @Override
      public void run() {
        MemoryVolume made = null;
        try {
          made = new MemoryVolume(expected);
        } finally {
          offer(made);
        }
      }

      @Override
      public void drop() {
        // Nothing is held yet.
      }
    });
  }

  /** Takes back memory that nobody looks into any more. */
  void recycle(MemoryVolume memory) {
    if (isClosed()) {
      memory.close();
    } else {
      submit(memory, comes());
    }
  }

  private void submit(MemoryVolume memory, boolean wanted) {
    long bytes = memory.bytes();
    waits(bytes);
    sealer.submitMemory(new VolumeSealer.MemoryTask() {
      @Override
      public void run() {
        waits(-bytes);
        if (wanted) {
          memory.clear();
          offer(memory);
        } else {
          memory.close();
        }
      }

      @Override
      public void drop() {
        waits(-bytes);
        memory.close();
      }
    });
  }

  private synchronized void waits(long bytes) {
    waitingBytes += bytes;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Decides whether some is to be made ready. */
  private synchronized boolean comes() {
    if (!grows || closed || coming || ready != null) {
      return false;
    }
    coming = true;
    return true;
  }

  private synchronized void offer(@Nullable MemoryVolume memory) {
    coming = false;
    if (closed && memory != null) {
      memory.close();
    } else {
      ready = memory;
    }
  }

  /** Bytes outside the heap. */
  synchronized long bytes() {
    return waitingBytes + (ready == null ? 0 : ready.bytes());
  }

  /** Frees what is ready; what comes later is freed at once. */
  synchronized void close() {
    closed = true;
    if (ready != null) {
      ready.close();
      ready = null;
    }
  }
}
