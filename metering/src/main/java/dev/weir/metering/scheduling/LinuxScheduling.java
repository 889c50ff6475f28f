package dev.weir.metering.scheduling;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * {@code struct sched_attr}: its size, the policy at 4, flags at 8, nice at 16, priority, and the slice at 24,
   * then twice 8 bytes that these policies do not have.
   */
  private static final int ATTRIBUTES_BYTES = 48;

  private static final int POLICY_AT = 4;
  private static final int FLAGS_AT = 8;
  private static final int NICE_AT = 16;
  private static final int SLICE_AT = 24;
  private static final int NO_FLAGS = 0;

  /** {@code SCHED_FLAG_RESET_ON_FORK}: threads that it starts are usual ones. */
  private static final int RESET_ON_FORK = 1;

  /** {@code SCHED_OTHER}. */
  private static final int USUAL_POLICY = 0;

  /** {@code SCHED_IDLE}. */
  private static final int IDLE_POLICY = 5;

  private static final Path TASKS = Path.of("/proc/self/task");
  private static final char WANTS_TO_RUN = 'R';

  /** {@code PRIO_PROCESS}, which is a thread's. */
  private static final int OF_THREAD = 0;

  /** The C library's function for any call, and for nice values; the numbers of calls. */
  private record Calls(Function any, Function nice, Numbers numbers) {

    static final @Nullable Calls KNOWN = find();

    private static @Nullable Calls find() {
      Numbers numbers = Numbers.here();
      if (numbers == null) {
        return null;
      }
      try {
        NativeLibrary c = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
        Calls calls = new Calls(c.getFunction("syscall"), c.getFunction("getpriority"), numbers);
        int process = Math.toIntExact(ProcessHandle.current().pid());
        // Another policy is left to who gave it to the process.
        return calls.call(numbers.policy(), process) == USUAL_POLICY ? calls : null;
      } catch (Error e) {
        // JNA says by a plain error that a library of another release was found.
        LOG.info("the C library cannot be called: threads keep Java's priorities", e);
        return null;
      }
    }

    int call(long number, Object... arguments) {
      Object[] all = new Object[arguments.length + 1];
      all[0] = new NativeLong(number);
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      return any.invokeInt(all);
    }
  }

  /** Of {@code sched_setattr}, {@code gettid} and {@code sched_getscheduler}. */
  private record Numbers(long setAttributes, long thread, long policy) {

    /** Each architecture has its own; the newer ones share theirs. */
    static @Nullable Numbers here() {
      if (!Platform.isLinux()) {
        return null;
      }
      return switch (Platform.ARCH) {
        case "x86-64" -> new Numbers(314, 186, 145);
        case "aarch64", "riscv64", "loongarch64" -> new Numbers(274, 178, 120);
        default -> null;
      };
    }
  }

  @Override
  public @Nullable SystemThread current() {
    try {
      Calls known = Calls.KNOWN;
      if (known == null) {
        return null;
      }
      int number = known.call(known.numbers().thread());
      return new SystemThread(number, known.nice().invokeInt(new Object[] {OF_THREAD, number}));
    } catch (RuntimeException | Error e) {
      LOG.debug("a thread is not known to the system", e);
      return null;
    }
  }

  @Override
  public boolean give(SystemThread thread, Share share) {
    try {
      Calls known = Calls.KNOWN;
      // Who is idle keeps the slice it had: the idle policy takes none.
      return known != null
          && give(known, thread, share, USUAL_POLICY)
          && (!share.isIdle() || give(known, thread, share, IDLE_POLICY));
    } catch (RuntimeException | Error e) {
      LOG.debug("thread {} does not get {}", thread, share, e);
      return false;
    }
  }

  /** Read as text of {@code proc(5)}: the state stands behind the name's bracket, the time first. */
  @Override
  public long nanosRun(SystemThread thread) {
    Path task = TASKS.resolve(Integer.toString(thread.number()));
    try {
      String stat = Files.readString(task.resolve("stat"));
      if (stat.charAt(stat.lastIndexOf(')') + 2) != WANTS_TO_RUN) {
        return NOT_WAITING;
      }
      String times = Files.readString(task.resolve("schedstat"));
      return Long.parseLong(times.substring(0, times.indexOf(' ')));
    } catch (IOException | RuntimeException e) {
      LOG.debug("whether thread {} waits for a processor cannot be told", thread, e);
      return UNKNOWN;
    }
  }

  private static boolean give(Calls known, SystemThread thread, Share share, int policy) {
    ByteBuffer attributes = ByteBuffer.allocate(ATTRIBUTES_BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(0, ATTRIBUTES_BYTES)
        .putInt(POLICY_AT, policy)
        .putLong(FLAGS_AT, share.isOfThreadAlone() ? RESET_ON_FORK : NO_FLAGS)
        .putInt(NICE_AT, share.nice(thread.nice()))
        .putLong(SLICE_AT, share.sliceNanos());
    int result =
        known.call(known.numbers().setAttributes(), thread.number(), attributes.array(), NO_FLAGS);
    if (result != 0) {
      LOG.debug("thread {} does not get {}: error {}", thread, share, Native.getLastError());
    }
    return result == 0;
  }
}
