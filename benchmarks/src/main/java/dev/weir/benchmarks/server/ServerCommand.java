package dev.weir.benchmarks.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a server is started.
 *
 * @param name for messages and files
 * @param words the program and its arguments
 * @param environment settings; no other WEIR_ variables are passed on
 * @param directory it works and keeps its log there
 * @param reports where its threads are written if it does not stop
 */
public record ServerCommand(
    String name,
    List<String> words,
    Map<String, String> environment,
    Path directory,
    Path reports) {

  public ServerCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  Path log() {
    return directory.resolve(name + ".log");
  }
}
