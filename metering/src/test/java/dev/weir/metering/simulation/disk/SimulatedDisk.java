package dev.weir.metering.simulation.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Files and directories in memory, and the one fault that comes next. */
public final class SimulatedDisk {

  private static final int WORD_BYTES = 8;

  private final SplittableRandom random;
  private final SimulatedFileSystem system = new SimulatedFileSystem(this);
  private final SimulatedNames names = new SimulatedNames();

  /** Operations until the fault; negative when there is none to come. */
  private int operationsToFault = -1;

  private DiskFault fault = DiskFault.ERROR;

  private boolean full;
  private boolean crashed;
  private SimulatedFile lastWritten;
  private boolean namesIgnored;
  private int faults;
  private Runnable onForce = () -> {};

  public SimulatedDisk(SplittableRandom random) {
    this.random = random;
  }

  public Path root() {
    return system.getPath("/");
  }

  /** Lets a later operation that changes the disk fail; replaces what was to come. */
  public void failLater(int operations, DiskFault kind) {
    operationsToFault = operations;
    fault = kind;
  }

  /** A planted bug: forcing a directory does nothing. */
  public void ignoreForcedNames() {
    namesIgnored = true;
  }

  /** Nothing will fail from now on. */
  public void heal() {
    operationsToFault = -1;
    full = false;
  }

  public void setFull(boolean isFull) {
    full = isFull;
  }

  public boolean isFull() {
    return full;
  }

  /** Whether the process has ended at an operation of this disk. */
  public boolean crashed() {
    return crashed;
  }

  /** How many faults have struck. */
  public int faults() {
    return faults;
  }

  /** Told before each force of a file. */
  public void onForce(Runnable listener) {
    onForce = listener;
  }

  /** A new process begins, which sees what the last one wrote. */
  public void restart() {
    crashed = false;
  }

  /** The machine loses power and comes back. */
  public void cutPower(PowerCut kind) {
    names.cutPower(random);
    for (SimulatedFile file : names.files()) {
      // Only what was being written when the lights went out can be torn.
      boolean apart = kind == PowerCut.TORN && file != lastWritten;
      file.cutPower(random, apart ? PowerCut.SECTORS_REMAIN : kind);
    }
    crashed = false;
  }

  /** The kernel writes back what it likes. */
  public void writeBackSome() {
    names.files().forEach(file -> file.writeBackSome(random));
  }

  /** Whether a power cut now would leave this part of a file as it is, and its name. */
  public boolean isDurable(Path path, long from, long to) {
    String name = path.toString();
    return names.isDurable(name) && file(name).isDurable((int) from, (int) to);
  }

  /** The fault that strikes this operation; null when none does. */
  private DiskFault next() throws IOException {
    if (crashed) {
      throw new SimulatedCrash();
    }
    if (operationsToFault < 0 || operationsToFault-- > 0) {
      return null;
    }
    faults++;
    if (fault == DiskFault.CRASH_BEFORE) {
      throw crash();
    }
    return fault;
  }

  private SimulatedCrash crash() {
    crashed = true;
    return new SimulatedCrash();
  }

  private interface Change {
    void run() throws IOException;
  }

  /** A change that a fault leaves undone. */
  private void change(Change change) throws IOException {
    DiskFault striking = next();
    if (striking == DiskFault.ERROR || striking == DiskFault.FULL) {
      throw new IOException("simulated error");
    }
    change.run();
    if (striking == DiskFault.CRASH_AFTER) {
      throw crash();
    }
  }

  /** A process that has ended reads no more. */
  void reading() {
    if (crashed) {
      throw new SimulatedCrash();
    }
  }

  void write(SimulatedFile file, byte[] bytes, int at) throws IOException {
    DiskFault striking = next();
    boolean lacksSpace = full && at + bytes.length > file.size();
    int length = striking == null && !lacksSpace ? bytes.length : part(bytes.length);
    if (striking == DiskFault.CRASH_AFTER && !lacksSpace) {
      length = bytes.length;
    }
    file.write(bytes, 0, length, at);
    lastWritten = file;
    if (random.nextInt(64) == 0) {
      writeBackSome();
    }
    if (striking == DiskFault.CRASH_AFTER) {
      throw crash();
    }
    if (striking != null || lacksSpace) {
      throw new IOException(lacksSpace ? "no space left on device" : "simulated error");
    }
  }

  /** How much of a write takes effect that fails: a word is written whole or not at all. */
  private int part(int length) {
    return length <= WORD_BYTES ? random.nextInt(2) * length : random.nextInt(length + 1);
  }

  void force(SimulatedFile file) throws IOException {
    onForce.run();
    DiskFault striking = next();
    if (striking == DiskFault.ERROR || striking == DiskFault.FULL) {
      file.failForce(random);
      throw new IOException("simulated error of a flush");
    }
    file.force();
    if (striking == DiskFault.CRASH_AFTER) {
      throw crash();
    }
  }

  void forceDirectory(String directory) throws IOException {
    if (!namesIgnored) {
      change(() -> names.force(directory));
    }
  }

  void create(String name) throws IOException {
    change(() -> names.create(name));
  }

  void createDirectory(String name) throws IOException {
    change(() -> names.createDirectory(name));
  }

  void delete(String name) throws IOException {
    change(() -> names.delete(name));
  }

  void rename(String from, String to) throws IOException {
    change(() -> names.rename(from, to));
  }

  boolean exists(String name) {
    return names.exists(name);
  }

  boolean isDirectory(String name) {
    return names.isDirectory(name);
  }

  List<String> entries(String directory) {
    return names.entries(directory);
  }

  SimulatedFile file(String name) {
    return names.file(name);
  }
}
