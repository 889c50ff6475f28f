package dev.weir.api.correction;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.Refusal;
import dev.weir.metering.correction.Correction;
import dev.weir.metering.correction.CorrectionAnswer;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/events/:id/void} and {@code /replace}, and in bulk {@code POST
 * /api/v1/events/void} and {@code /replace}: take back what was counted, at any age, with a reason. The
 * author is the caller. Answers when the corrections are on stable storage.
 */
public final class CorrectionRoutes {

  private final Corrections corrections;

  public CorrectionRoutes(Corrections corrections) {
    this.corrections = corrections;
  }

  public void mount(Router router) {
    router.post("/api/v1/events/void").handler(context -> all(context, true));
    router.post("/api/v1/events/replace").handler(context -> all(context, false));
    router.post("/api/v1/events/:id/void").handler(context -> one(context, true));
    router.post("/api/v1/events/:id/replace").handler(context -> one(context, false));
  }

  private void one(RoutingContext context, boolean voids) {
    Caller caller = Caller.of(context, Permission.WRITE);
    JsonFields fields = Answers.body(context);
    fields.allow("source", "position", "reason", "event");
    Correction correction =
        correction(context.pathParam("id"), fields, fields.text("reason"), voids);
    apply(context, caller, List.of(correction), answer -> {
      CorrectionAnswer.Outcome outcome = answer.outcomes().get(0);
      if (outcome.rejection() != null) {
        throw new Refusal(
            outcome.rejection().code(),
            outcome.rejection().field(),
            outcome.rejection().message());
      }
      Map<String, Object> wire = new LinkedHashMap<>();
      wire.put("position", answer.position().toString());
      wire.putAll(wire(outcome));
      return wire;
    });
  }

  private void all(RoutingContext context, boolean voids) {
    Caller caller = Caller.of(context, Permission.WRITE);
    JsonFields body = Answers.body(context);
    body.allow("reason", "events");
    List<JsonFields> items = body.objects("events", Corrections.CORRECTIONS_MAX);
    if (items.isEmpty()) {
      throw body.invalid("events", "must name at least one event.");
    }
    String reason = body.optionalText("reason");
    List<Correction> wanted = new ArrayList<>();
    for (JsonFields item : items) {
      item.allow("id", "source", "position", "reason", "event");
      String own = reason == null ? item.text("reason") : item.textOr("reason", reason);
      String id =
          voids || item.has("id") ? item.text("id") : item.object("event").text("id");
      wanted.add(correction(id, item, own, voids));
    }
    apply(context, caller, wanted, answer -> {
      Map<String, Object> wire = new LinkedHashMap<>();
      wire.put("position", answer.position().toString());
      wire.put(
          "verdicts", answer.outcomes().stream().map(CorrectionRoutes::wire).toList());
      return wire;
    });
  }

  private static Correction correction(String id, JsonFields fields, String reason, boolean voids) {
    String source = fields.optionalText("source");
    String replacement = null;
    if (voids) {
      if (fields.has("event")) {
        throw fields.invalid("event", "belongs to /replace; a void names the event by its id.");
      }
    } else {
      JsonNode event = fields.requiredNode("event");
      JsonFields attributes = fields.object("event");
      source = source == null ? attributes.text("source") : source;
      replacement = Json.text(event);
    }
    return new Correction(id, source, fields.optionalText("position"), reason, replacement);
  }

  @FunctionalInterface
  private interface Wire {
    Object of(CorrectionAnswer answer);
  }

  private void apply(RoutingContext context, Caller caller, List<Correction> wanted, Wire wire) {
    corrections
        .apply(
            ContextInternal.current(),
            new Corrections.Author(caller.tenantId(), caller.name()),
            wanted)
        .map(wire::of)
        .onSuccess(body -> Answers.write(context, 200, body))
        .onFailure(context::fail);
  }

  private static Map<String, Object> wire(CorrectionAnswer.Outcome outcome) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", outcome.id());
    optional(wire, "source", outcome.source());
    wire.put("verdict", outcome.verdict().wire());
    optional(wire, "voids", outcome.voids());
    if (outcome.rejection() != null) {
      wire.put("code", outcome.rejection().code().name());
      wire.put("message", outcome.rejection().message());
      optional(wire, "field", outcome.rejection().field());
    }
    return wire;
  }

  private static void optional(Map<String, Object> wire, String name, @Nullable String value) {
    if (value != null) {
      wire.put(name, value);
    }
  }
}
