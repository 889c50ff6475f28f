package dev.weir.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's own decisions; none of these builds or starts anything. */
class LauncherIT {

  private record Outcome(int exitCode, String text) {}

  private static final Path LAUNCHER = TestDirectories.root().resolve("weir");

  @TempDir
  Path temp;

  private Outcome run(Path launcher, Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", launcher.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("WEIR_") || name.startsWith("MALLOC_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Outcome(process.exitValue(), text);
  }

  /** A Java home that claims a version. */
  private Path fakeJava(String name, String version, boolean compiler) throws IOException {
    Path home = temp.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"%n".formatted(version));
    for (String program : compiler ? List.of("java", "javac") : List.of("java")) {
      Path file = Files.writeString(home.resolve("bin").resolve(program), "#!/bin/sh\n");
      assertTrue(file.toFile().setExecutable(true));
    }
    return home;
  }

  @Test
  void versionWorksFromAnyDirectoryAndThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), LAUNCHER);
    Path second = Files.createSymbolicLink(temp.resolve("second"), Path.of("link"));
    for (Path launcher : List.of(LAUNCHER, link, second)) {
      Outcome outcome = run(launcher, Map.of(), "version");
      assertEquals(0, outcome.exitCode(), outcome.text());
      assertTrue(outcome.text().matches("(?s)weir \\d.*java \\d+ .*"), outcome.text());
    }
  }

  @Test
  void aGivenJdkWinsOverAllOthers() throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_HOME", fakeJava("eighteen", "18.0.2", true).toString());
    assertTrue(run(LAUNCHER, environment, "version").text().contains("java 18 "));
    environment.put("WEIR_JAVA_HOME", fakeJava("nineteen", "19", true).toString());
    assertTrue(run(LAUNCHER, environment, "version").text().contains("java 19 "));
  }

  @Test
  void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
    Path old = fakeJava("old", "1.8.0_402", true);
    Outcome outcome = run(LAUNCHER, Map.of("JAVA_HOME", old.toString()), "version");
    assertEquals(0, outcome.exitCode(), outcome.text());
    assertTrue(!outcome.text().contains(old.toString()), outcome.text());
  }

  @Test
  void aGivenJdkThatIsNoneIsRefusedWithTheReason() throws Exception {
    for (Path home : List.of(
        temp.resolve("none"), fakeJava("jre", "21", false), fakeJava("old", "11.0.2", true))) {
      Outcome outcome = run(LAUNCHER, Map.of("WEIR_JAVA_HOME", home.toString()), "up");
      assertEquals(1, outcome.exitCode(), outcome.text());
      assertTrue(outcome.text().contains("is not a JDK 17 or newer"), outcome.text());
    }
  }

  @Test
  void missingMavenIsSaidWithHowToInstallIt() throws Exception {
    Path programs = Files.createDirectories(temp.resolve("programs"));
    for (String name : List.of("dirname", "sed", "head", "readlink", "sort", "printf")) {
      Path there = Path.of("/usr/bin", name);
      Files.createSymbolicLink(
          programs.resolve(name), Files.exists(there) ? there : Path.of("/bin", name));
    }
    Map<String, String> environment = Map.of(
        "PATH", programs.toString(),
        "WEIR_JAVA_HOME", fakeJava("new", "21", true).toString());
    Outcome outcome = run(LAUNCHER, environment, "test");
    assertEquals(1, outcome.exitCode(), outcome.text());
    assertTrue(outcome.text().contains("Maven is missing. Install"), outcome.text());
  }

  @Test
  void anUnknownCommandIsRefused() throws Exception {
    Outcome outcome = run(LAUNCHER, Map.of(), "start");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.text().contains("there is no command 'start'"), outcome.text());
  }

  /** A tree that looks built, whose Java says what it was given. */
  private Path builtTree() throws IOException {
    Path tree = Files.createDirectories(temp.resolve("tree"));
    Files.copy(LAUNCHER, tree.resolve("weir"));
    Path app = Files.createDirectories(tree.resolve("gateway/target/app/bench")).getParent();
    Files.writeString(tree.resolve("gateway/target/.weir-app"), app + "\n");
    return tree.resolve("weir");
  }

  @Test
  void largeBlocksOutsideTheHeapGoBackToTheSystem() throws Exception {
    Path home = fakeJava("printing", "17.0.2", true);
    Files.writeString(
        home.resolve("bin/java"), "#!/bin/sh\necho threshold $MALLOC_MMAP_THRESHOLD_\n");
    Path launcher = builtTree();
    Map<String, String> environment = new HashMap<>(Map.of("WEIR_JAVA_HOME", home.toString()));
    assertEquals("threshold 131072\n", run(launcher, environment, "up").text());
    environment.put("MALLOC_MMAP_THRESHOLD_", "1048576");
    assertEquals("threshold 1048576\n", run(launcher, environment, "up").text());
  }
}
