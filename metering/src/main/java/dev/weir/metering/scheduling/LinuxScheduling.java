package dev.weir.metering.scheduling;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Linux by {@code sched_setattr(2)}. The slice matters where threads of the usual priority wake up: since 6.6 a
 * thread that runs is mostly left to run until its slice is over, however nice it is. Since 6.12 a thread may ask
 * for a shorter one; before, that is passed over. The first call takes a tenth of a second.
 */
final class LinuxScheduling implements Scheduling {

  private static final Logger LOG = LoggerFactory.getLogger(LinuxScheduling.class);

  /**
   * {@code struct sched_attr}: its size, the policy at 4, flags, nice at 16, priority, and the slice at 24, then
   * twice 8 bytes that these policies do not have.
   */
  private static final int ATTRIBUTES_BYTES = 48;

  private static final int POLICY_AT = 4;
  private static final int NICE_AT = 16;
  private static final int SLICE_AT = 24;
  private static final int NO_FLAGS = 0;

  /** {@code SCHED_OTHER}. */
  private static final int USUAL_POLICY = 0;

  /** {@code SCHED_IDLE}, which has no use for the rest. */
  private static final int IDLE_POLICY = 5;

  /** {@code PRIO_PROCESS}, which is a thread's. */
  private static final int OF_THREAD = 0;

  /**
   * The C library's function for any call, the numbers of two calls, and the nice value of the process: of its
   * first thread.
   */
  private record Calls(Function any, long setAttributes, long thread, int usual) {

    static final @Nullable Calls KNOWN = find();

    private static @Nullable Calls find() {
      if (!Platform.isLinux()) {
        return null;
      }
      try {
        NativeLibrary c = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
        Function any = c.getFunction("syscall");
        int first = Math.toIntExact(ProcessHandle.current().pid());
        int usual = c.getFunction("getpriority").invokeInt(new Object[] {OF_THREAD, first});
        // Each architecture has numbers of its own; the newer ones share theirs.
        return switch (Platform.ARCH) {
          case "x86-64" -> of(any, 314, 186, 145, first, usual);
          case "aarch64", "riscv64", "loongarch64" -> of(any, 274, 178, 120, first, usual);
          default -> null;
        };
      } catch (Error e) {
        // JNA says by a plain error that a library of another release was found.
        LOG.info("the C library cannot be called: background threads keep Java's priority", e);
        return null;
      }
    }

    /** None where the process has been given another policy: that is left to who gave it. */
    private static @Nullable Calls of(
        Function any, long setAttributes, long thread, long policy, int first, int usual) {
      int own = any.invokeInt(new Object[] {new NativeLong(policy), first});
      return own == USUAL_POLICY ? new Calls(any, setAttributes, thread, usual) : null;
    }
  }

  @Override
  public int thread() {
    Calls known = Calls.KNOWN;
    return known == null
        ? UNKNOWN
        : known.any().invokeInt(new Object[] {new NativeLong(known.thread())});
  }

  @Override
  public boolean give(int thread, Share share) {
    Calls known = Calls.KNOWN;
    if (known == null) {
      return false;
    }
    ByteBuffer attributes = ByteBuffer.allocate(ATTRIBUTES_BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(0, ATTRIBUTES_BYTES)
        .putInt(POLICY_AT, share.isIdle() ? IDLE_POLICY : USUAL_POLICY)
        .putInt(NICE_AT, share.nice(known.usual()))
        .putLong(SLICE_AT, share.sliceNanos());
    Object[] arguments = {
      new NativeLong(known.setAttributes()), thread, attributes.array(), NO_FLAGS
    };
    int result = known.any().invokeInt(arguments);
    if (result != 0) {
      LOG.debug("thread {} does not get {}: error {}", thread, share, Native.getLastError());
    }
    return result == 0;
  }
}
