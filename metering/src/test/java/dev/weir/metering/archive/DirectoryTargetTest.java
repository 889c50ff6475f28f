package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DirectoryTargetTest extends ArchiveTargetContract {

  @Override
  ArchiveTarget open() {
    return new DirectoryTarget(directory.resolve("mounted/archive"));
  }

  @Test
  void aDraftThatACrashLeftIsNoObjectAndIsOverwritten() throws IOException {
    Path root = directory.resolve("mounted/archive");
    Path draft = Files.createDirectories(root.resolve("lane-0")).resolve(".a.cq4.draft");
    Files.write(draft, new byte[1_000]);
    ArchiveTarget target = open();

    assertEquals(List.of(), target.names(""));
    target.put("lane-0/a.cq4", Files.write(directory.resolve("one"), new byte[] {7}), 1);

    assertEquals(List.of("lane-0/a.cq4"), target.names(""));
    assertArrayEquals(new byte[] {7}, Files.readAllBytes(root.resolve("lane-0/a.cq4")));
    assertEquals(false, Files.exists(draft));
  }

  @Test
  void aFileInTheWayOfTheDirectoryIsAnErrorThatNamesIt() throws IOException {
    Files.write(directory.resolve("mounted"), new byte[0]);

    IOException error = assertThrows(
        IOException.class,
        () -> open().put("a", Files.write(directory.resolve("one"), new byte[] {7}), 1));

    assertEquals(true, error.getMessage().contains("mounted"), error.getMessage());
  }
}
