package dev.weir.benchmarks.fetch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ContenderFilesTest {

  @Test
  void whatCannotBeFetchedIsNamedWithTheReason() {
    ContenderMissing missing = assertThrows(
        ContenderMissing.class, () -> ContenderFiles.of("nobody", Contenders.silence()));
    assertTrue(missing.getMessage().startsWith("nobody "), missing.getMessage());
    assertTrue(
        missing.getMessage().contains("contenders/nobody/pom.xml")
            || missing.getMessage().contains("mvn, which does not start"),
        missing.getMessage());
  }

  @Test
  void whatIsNotHereIsNotDownloadedUnlessItIsAskedFor() {
    ContenderMissing missing =
        assertThrows(ContenderMissing.class, () -> ContenderFiles.fromHere("nobody"));
    assertTrue(
        missing.getMessage().contains("'./weir bench nobody' fetches it")
            || missing.getMessage().contains("mvn, which does not start"),
        missing.getMessage());
  }
}
