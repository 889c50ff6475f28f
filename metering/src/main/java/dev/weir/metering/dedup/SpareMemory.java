package dev.weir.metering.dedup;

import org.jspecify.annotations.Nullable;

/**
 * Memory for the next volume of a lane, made ready in the sealing thread: usually that of the volume sealed
 * last. Memory that the system has just given costs the thread that writes it first a fault for each
 * page: 3 to 30 milliseconds for a volume of a million identities, while its lane would wait.
 *
 * <p>Holds one volume's memory at most. Thread-safe; only the sealing thread does what takes time.
 */
final class SpareMemory {

  private final VolumeSealer sealer;
  private @Nullable MemoryVolume ready;

  /** Whether the sealing thread will make some ready. */
  private boolean coming;

  private boolean closed;

  SpareMemory(VolumeSealer sealer) {
    this.sealer = sealer;
  }

  /** Gives what is ready if it suits so many identities; else fresh memory. */
  MemoryVolume take(int expected) {
    MemoryVolume taken = takeReady();
    if (taken == null) {
      return new MemoryVolume(expected);
    }
    if (taken.suits(expected)) {
      return taken;
    }
    submit(taken, false);
    return new MemoryVolume(expected);
  }

  private synchronized @Nullable MemoryVolume takeReady() {
    MemoryVolume taken = ready;
    ready = null;
    return taken;
  }

  /** Has memory for so many identities made ready unless there is some, or will be. */
  void prepare(int expected) {
    if (comes()) {
      sealer.submit(new VolumeSealer.Task() {
        @Override
        public void run() {
          offer(new MemoryVolume(expected));
        }

        @Override
        public void drop() {
          // Nothing is held yet.
        }
      });
    }
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
    sealer.submit(new VolumeSealer.Task() {
      @Override
      public void run() {
        if (wanted) {
          memory.clear();
          offer(memory);
        } else {
          memory.close();
        }
      }

      @Override
      public void drop() {
        memory.close();
      }
    });
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Decides whether some is to be made ready. */
  private synchronized boolean comes() {
    if (closed || coming || ready != null) {
      return false;
    }
    coming = true;
    return true;
  }

  private synchronized void offer(MemoryVolume memory) {
    coming = false;
    if (closed) {
      memory.close();
    } else {
      ready = memory;
    }
  }

  /** Bytes outside the heap. */
  synchronized long bytes() {
    return ready == null ? 0 : ready.bytes();
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
