package dev.weir.gateway;

import dev.weir.gateway.config.HttpSettings;
import dev.weir.gateway.config.Setting;
import dev.weir.gateway.config.Settings;
import dev.weir.gateway.config.StartFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The words after {@code weir}, sorted.
 *
 * @param settings values for settings, by key
 * @param config the file named with --config
 * @param rest what is neither; the command's own arguments
 */
record CommandLine(
    String command, Map<String, String> settings, @Nullable Path config, List<String> rest) {

  private static final Map<String, Setting<?>> OPTIONS =
      Map.of("--data", Settings.DATA_DIR, "--port", HttpSettings.PORT);

  private static final String CONFIG = "--config";

  CommandLine {
    settings = Map.copyOf(settings);
    rest = List.copyOf(rest);
  }

  /** Reads {@code --option value} and {@code --option=value}; no words mean help. */
  static CommandLine parse(List<String> words) {
    String command = words.isEmpty() ? "help" : words.get(0);
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> rest = new ArrayList<>();
    Path config = null;
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      String name = equals > 0 ? word.substring(0, equals) : word;
      Setting<?> setting = OPTIONS.get(name);
      if (setting == null && !name.equals(CONFIG)) {
        rest.add(word);
        continue;
      }
      if (equals < 0 && i + 1 >= words.size()) {
        throw StartFailure.settings(List.of(name + " needs a value; 'weir help' shows how."));
      }
      String value = equals > 0 ? word.substring(equals + 1) : words.get(++i);
      if (setting == null) {
        config = Path.of(value);
      } else {
        settings.put(setting.key(), value);
      }
    }
    return new CommandLine(command, settings, config, rest);
  }

  /** The same with a value for a setting that was not given. */
  CommandLine withDefault(Setting<?> setting, String value) {
    Map<String, String> filled = new LinkedHashMap<>(settings);
    filled.putIfAbsent(setting.key(), value);
    return new CommandLine(command, filled, config, rest);
  }

  /** Refuses arguments that the command does not know. */
  void requireNoRest() {
    if (!rest.isEmpty()) {
      throw StartFailure.settings(List.of(
          "'%s' does not take %s; 'weir help' shows what it takes.".formatted(command, rest)));
    }
  }
}
