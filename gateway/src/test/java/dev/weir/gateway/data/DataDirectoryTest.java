package dev.weir.gateway.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.config.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir
  Path temp;

  @Test
  void makesADirectoryThatOnlyItsOwnerMayEnter() throws IOException {
    Path path = temp.resolve("a/b");
    try (DataDirectory directory = DataDirectory.open(path)) {
      assertEquals(path.toRealPath(), directory.path());
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
  }

  @Test
  void aDirectoryInUseIsRefusedNamingTheProcess() {
    try (DataDirectory directory = DataDirectory.open(temp)) {
      StartFailure failure =
          assertThrows(StartFailure.class, () -> DataDirectory.open(directory.path()));
      assertTrue(
          failure.getMessage().contains("(process " + ProcessHandle.current().pid() + ")"),
          failure.getMessage());
      assertEquals(StartFailure.SURROUNDINGS, failure.exitCode());
    }
  }

  @Test
  void aClosedDirectoryMayBeTakenAgain() {
    DataDirectory.open(temp).close();
    DataDirectory.open(temp).close();
  }

  @Test
  void aPathThatCannotBeADirectoryIsRefused() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    StartFailure failure =
        assertThrows(StartFailure.class, () -> DataDirectory.open(file.resolve("below")));
    assertTrue(failure.getMessage().contains("cannot be used"), failure.getMessage());
  }

  @Test
  void aPrivateFileIsMadeOnceAndKept() throws IOException {
    Path file = temp.resolve("secret");
    assertEquals("one", PrivateFile.readOrCreate(file, () -> "one"));
    assertEquals("one", PrivateFile.readOrCreate(file, () -> "two"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aPrivateFileThatBecameReadableIsClosedAgain() throws IOException {
    Path file = Files.writeString(temp.resolve("secret"), "text");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals("text", PrivateFile.readOrCreate(file, () -> "other"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }
}
