package dev.weir.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

  @TempDir
  Path directory;

  private ServerCommand command(String mainClass, String... more) {
    Jvm jvm = new Jvm(Path.of(System.getProperty("java.home")), List.of("-Xmx64m"));
    List<String> words = new ArrayList<>(jvm.command(mainClass));
    words.addAll(List.of(more));
    return new ServerCommand(
        "some", words, Map.of(), directory, directory.resolve("not/there/yet"));
  }

  @Test
  void aServerThatDoesNotStopLeavesItsThreadsAndIsKilled() throws Exception {
    ServerProcess.Printing server =
        ServerProcess.printing(command(Stubborn.class.getName()), "stubborn ready ");
    assertEquals("nowhere", server.address());
    ProcessHandle handle = server.process().handle();
    server.process().close(100);
    assertFalse(handle.isAlive());
    String threads =
        Files.readString(directory.resolve("not/there/yet/threads-some-" + handle.pid() + ".txt"));
    assertTrue(threads.contains("\"stubborn-stop\""), threads);
    assertTrue(threads.contains("Stubborn.awaits"), threads);
    server.process().close();
  }

  @Test
  void aServerThatEndsAtOnceIsSaidWithItsLog() {
    IllegalStateException failure = assertThrows(
        IllegalStateException.class,
        () -> ServerProcess.answering(command("dev.weir.NoSuchClass"), () -> false));
    assertTrue(failure.getMessage().startsWith("some does not get ready"), failure.getMessage());
    assertTrue(failure.getMessage().contains("dev.weir.NoSuchClass"), failure.getMessage());
  }

  @Test
  void aServerThatIsNotWaitedForToTheEndDoesNotStay() {
    List<ProcessHandle> before = children();
    List<ProcessHandle> seen = new ArrayList<>();
    assertThrows(
        InterruptedException.class,
        () -> ServerProcess.answering(command(Waiting.class.getName()), () -> {
          seen.addAll(children());
          seen.removeAll(before);
          throw new InterruptedException();
        }));
    assertEquals(1, seen.size());
    assertFalse(seen.get(0).isAlive());
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class,
        () -> ServerProcess.printing(command(Waiting.class.getName()), "never "));
    assertEquals(before, children());
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }
}
