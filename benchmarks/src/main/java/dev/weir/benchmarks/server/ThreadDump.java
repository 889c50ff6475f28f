package dev.weir.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What all threads of another JVM do. */
final class ThreadDump {

  private static final long SECONDS_MAX = 20;

  private ThreadDump() {}

  /**
   * Asks a JVM by the jcmd that lies beside its java; a JVM that is ending still answers.
   *
   * @param java the program that runs it
   * @throws IOException if there is no answer
   */
  static void write(Path java, long pid, Path file) throws IOException, InterruptedException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Process jcmd = new ProcessBuilder(
            java.resolveSibling("jcmd").toString(), Long.toString(pid), "Thread.print", "-l", "-e")
        .redirectErrorStream(true)
        .redirectOutput(file.toFile())
        .start();
    if (!jcmd.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      jcmd.destroyForcibly();
      throw new IOException("no answer within " + SECONDS_MAX + " s");
    }
    if (jcmd.exitValue() != 0) {
      throw new IOException("jcmd says: " + Files.readString(file).strip());
    }
  }
}
