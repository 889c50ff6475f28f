package dev.weir.gateway.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the server process that runs on a data directory, from its postmaster.pid. */
final class Postmaster {

  private Postmaster() {}

  static Path pidFile(Path data) {
    return data.resolve("postmaster.pid");
  }

  /**
   * The living server on this directory, if there is one. A number in the file that now belongs to
   * some other program does not count.
   */
  static Optional<ProcessHandle> on(Path data) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(pidFile(data));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (lines.isEmpty() || !lines.get(0).strip().matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
        .filter(ProcessHandle::isAlive)
        .filter(process -> isServerOn(data, process));
  }

  /** A server's working directory is its data directory; where that is hidden, its arguments say. */
  private static boolean isServerOn(Path data, ProcessHandle process) {
    try {
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      if (Files.exists(proc)) {
        return Files.readSymbolicLink(proc.resolve("cwd")).equals(data.toRealPath())
            && Files.readSymbolicLink(proc.resolve("exe")).toString().contains("/postgres");
      }
    } catch (IOException e) {
      // not ours to look at: fall back on what any user may see
    }
    ProcessHandle.Info info = process.info();
    return info.command()
            .filter(command -> Path.of(command).endsWith("postgres"))
            .isPresent()
        && info.arguments()
            .filter(arguments -> Arrays.asList(arguments).contains(data.toString()))
            .isPresent();
  }
}
