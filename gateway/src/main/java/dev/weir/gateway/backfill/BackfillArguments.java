package dev.weir.gateway.backfill;

import dev.weir.gateway.client.ServerAddress;
import dev.weir.gateway.terminal.Arguments;
import dev.weir.gateway.terminal.CommandFailure;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code weir backfill} was asked to do.
 *
 * @param meter slug or id; empty only if help is wanted
 * @param from as the server understands it; null for the whole journal
 * @param watches whether to stay until the end
 */
public record BackfillArguments(
    String meter, Action action, @Nullable String from, boolean watches, URI url, String key) {

  /** What to do about the meter's backfill. */
  enum Action {
    START,
    FOLLOW,
    PAUSE,
    RESUME,
    CANCEL,
    HELP
  }

  /**
   * Reads the words after {@code backfill}.
   *
   * @throws CommandFailure naming the option at fault and the fix
   */
  public static BackfillArguments parse(List<String> words, Map<String, String> environment) {
    return new Reader(words, environment).read();
  }

  /** Everything but the key. */
  @Override
  public String toString() {
    return "backfill %s at %s".formatted(meter, url);
  }

  private static final class Reader {
    private final Arguments words;
    private final Map<String, String> environment;
    private String meter = "";
    private Action action = Action.START;
    private @Nullable String from;
    private @Nullable String url;
    private @Nullable String key;
    private boolean watches = true;

    Reader(List<String> words, Map<String, String> environment) {
      this.words = new Arguments(words);
      this.environment = environment;
    }

    BackfillArguments read() {
      while (words.hasNext()) {
        String word = words.next();
        if (word.startsWith("-")) {
          option(word);
        } else if (meter.isEmpty()) {
          meter = word;
        } else {
          throw new CommandFailure("One meter at a time; '%s' is one too many.".formatted(word));
        }
      }
      String secret = ServerAddress.key(key, environment);
      if (action != Action.HELP) {
        require(secret);
      }
      return new BackfillArguments(
          meter, action, from, watches, ServerAddress.of(url, environment), secret);
    }

    private void option(String option) {
      switch (option) {
        case "--follow" -> act(Action.FOLLOW);
        case "--pause" -> act(Action.PAUSE);
        case "--resume" -> act(Action.RESUME);
        case "--cancel" -> act(Action.CANCEL);
        case "--help", "-h" -> action = Action.HELP;
        case "--detach" -> watches = false;
        case "--from" -> from = words.value(option);
        case "--url" -> url = words.value(option);
        case "--key" -> key = words.value(option);
        default ->
          throw new CommandFailure(
              "There is no option '%s'; 'weir backfill --help' lists them.".formatted(option));
      }
    }

    private void act(Action wanted) {
      if (action != Action.START && action != wanted) {
        throw new CommandFailure("--follow, --pause, --resume and --cancel exclude each other.");
      }
      action = wanted;
    }

    private void require(String secret) {
      if (meter.isEmpty()) {
        throw new CommandFailure(
            "Name the meter, by slug or id; 'weir backfill --help' shows how.");
      }
      if (from != null && action != Action.START) {
        throw new CommandFailure(
            "--from belongs to a new backfill; leave it out, or cancel the one under way first.");
      }
      if (secret.isEmpty()) {
        throw new CommandFailure(
            "An API key with the scope 'write' is needed: set %s, or give --key KEY."
                .formatted(ServerAddress.KEY_VARIABLE));
      }
    }
  }
}
