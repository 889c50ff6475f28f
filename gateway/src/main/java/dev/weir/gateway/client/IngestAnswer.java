package dev.weir.gateway.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server said of one request of events.
 *
 * @param position in the journal; empty when nothing was sent
 * @param listed the events it gave a verdict for by itself, by index in the request
 */
public record IngestAnswer(String position, Verdicts verdicts, List<EventVerdict> listed) {

  /** For a batch that had no events. */
  static final IngestAnswer NOTHING = new IngestAnswer("", Verdicts.NONE, List.of());

  public IngestAnswer {
    listed = List.copyOf(listed);
  }

  /**
   * The verdict on one event; code, message and field only when it was rejected.
   *
   * @param index in the request, from 0
   */
  public record EventVerdict(
      int index,
      @Nullable String id,
      String verdict,
      @Nullable String code,
      @Nullable String message,
      @Nullable String field) {}

  static IngestAnswer of(JsonNode answer) {
    List<EventVerdict> listed = new ArrayList<>();
    for (JsonNode one : answer.path("verdicts")) {
      listed.add(new EventVerdict(
          one.path("index").asInt(-1),
          text(one, "id"),
          one.path("verdict").asText(),
          text(one, "code"),
          text(one, "message"),
          text(one, "field")));
    }
    Verdicts verdicts = new Verdicts(
        answer.path("accepted").asLong(),
        answer.path("duplicates").asLong(),
        answer.path("conflicts").asLong(),
        answer.path("rejected").asLong());
    return new IngestAnswer(answer.path("position").asText(), verdicts, listed);
  }

  private static @Nullable String text(JsonNode object, String name) {
    return object.hasNonNull(name) ? object.path(name).asText() : null;
  }
}
