package dev.weir.metering.scheduling;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What Linux says of a thread: {@code sched_getattr(2)}. */
record LinuxThread(boolean isIdle, int nice, long sliceNanos) {

  private static final int BYTES = 48;
  private static final int NO_FLAGS = 0;

  /** A number of no thread but the caller. */
  private static final int CALLER = 0;

  /** Whether the system tells; it may not where another stands in for Linux. */
  static boolean isTold() {
    return call(CALLER, new byte[BYTES]) == 0;
  }

  static LinuxThread ofCaller() {
    return of(CALLER);
  }

  /** A slice of 0: Linux is older than 6.12, or the policy has none. */
  static LinuxThread of(int number) {
    byte[] attributes = new byte[BYTES];
    if (call(number, attributes) != 0) {
      throw new AssertionError("thread %d: error %d".formatted(number, Native.getLastError()));
    }
    ByteBuffer read = ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder());
    return new LinuxThread(read.getInt(4) == 5, read.getInt(16), read.getLong(24));
  }

  private static int call(int number, byte[] attributes) {
    long call = Platform.ARCH.equals("x86-64") ? 315 : 275;
    return NativeLibrary.getInstance(Platform.C_LIBRARY_NAME)
        .getFunction("syscall")
        .invokeInt(new Object[] {new NativeLong(call), number, attributes, BYTES, NO_FLAGS});
  }
}
