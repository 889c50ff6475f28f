package dev.weir.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.config.Setting;
import dev.weir.gateway.config.Settings;
import dev.weir.gateway.config.StartFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  @Test
  void sortsOptionsFromTheCommandsOwnArguments() {
    CommandLine line = CommandLine.parse(
        List.of("demo", "--events", "10", "--data", "/d", "--port=0", "--config", "c", "--exit"));
    assertEquals("demo", line.command());
    assertEquals(Map.of("data.dir", "/d", "http.port", "0"), line.settings());
    assertEquals(Path.of("c"), line.config());
    assertEquals(List.of("--events", "10", "--exit"), line.rest());
  }

  @Test
  void noWordsMeanHelp() {
    CommandLine line = CommandLine.parse(List.of());
    assertEquals("help", line.command());
    assertNull(line.config());
  }

  @Test
  void anOptionWithoutAValueIsRefused() {
    StartFailure failure =
        assertThrows(StartFailure.class, () -> CommandLine.parse(List.of("up", "--port")));
    assertEquals(StartFailure.SETTINGS, failure.exitCode());
  }

  @Test
  void anArgumentThatNobodyKnowsIsRefused() {
    CommandLine line = CommandLine.parse(List.of("up", "--prot", "1"));
    assertTrue(
        assertThrows(StartFailure.class, line::requireNoRest).getMessage().contains("--prot"));
  }

  @Test
  void helpShowsEverySetting() {
    String help = Help.text();
    for (Setting<?> setting : Settings.ALL) {
      assertTrue(help.contains(setting.key() + " (" + setting.variable() + ")"), setting.key());
      assertTrue(help.contains(setting.meaning()), setting.key());
    }
  }
}
