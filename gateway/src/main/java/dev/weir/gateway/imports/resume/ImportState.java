package dev.weir.gateway.imports.resume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.imports.reading.Fingerprint;
import dev.weir.gateway.imports.reading.ImportJson;
import java.nio.charset.StandardCharsets;

/**
 * What is remembered between two runs.
 *
 * @param job what is imported, how, and to where
 * @param done how far everything is acknowledged
 * @param verdicts of the rows up to there
 * @param rejectedBytes length of the file of rejected rows up to there
 * @param complete whether that is the end of the file
 */
public record ImportState(
    Job job, Checkpoint done, Verdicts verdicts, long rejectedBytes, boolean complete) {

  private static final int VERSION = 1;

  /**
   * What must not change between two runs.
   *
   * @param mapping a hash
   * @param idPrefix what made ids begin with; stays when a changed file is sent again
   * @param server its address, without a credential
   * @param key a hash of the key, which stands for the tenant
   */
  public record Job(
      Fingerprint content, String mapping, String idPrefix, String server, String key) {}

  /** Nothing of the job is done. */
  public static ImportState start(Job job) {
    return new ImportState(job, Checkpoint.START, Verdicts.NONE, 0, false);
  }

  byte[] json() {
    ObjectNode json = ImportJson.MAPPER.createObjectNode();
    json.put("version", VERSION);
    json.put("contentSha256", job.content().sha256());
    json.put("contentBytes", job.content().bytes());
    json.put("mapping", job.mapping());
    json.put("idPrefix", job.idPrefix());
    json.put("server", job.server());
    json.put("key", job.key());
    json.put("rows", done.rows());
    json.put("offset", done.offset());
    json.put("line", done.line());
    json.put("accepted", verdicts.accepted());
    json.put("duplicates", verdicts.duplicates());
    json.put("conflicts", verdicts.conflicts());
    json.put("rejected", verdicts.rejected());
    json.put("rejectedBytes", rejectedBytes);
    json.put("complete", complete);
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Reads what {@link #json} wrote; throws IllegalArgumentException when it is something else. */
  static ImportState of(JsonNode json) {
    if (json.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException("version " + json.path("version") + " is not known");
    }
    Fingerprint content = new Fingerprint(text(json, "contentSha256"), count(json, "contentBytes"));
    Job job = new Job(
        content,
        text(json, "mapping"),
        text(json, "idPrefix"),
        text(json, "server"),
        text(json, "key"));
    Verdicts verdicts = new Verdicts(
        count(json, "accepted"),
        count(json, "duplicates"),
        count(json, "conflicts"),
        count(json, "rejected"));
    return new ImportState(
        job,
        new Checkpoint(count(json, "rows"), count(json, "offset"), count(json, "line")),
        verdicts,
        count(json, "rejectedBytes"),
        json.path("complete").asBoolean());
  }

  private static String text(JsonNode json, String name) {
    if (!json.path(name).isTextual()) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return json.path(name).textValue();
  }

  private static long count(JsonNode json, String name) {
    if (!json.path(name).isIntegralNumber()
        || !json.path(name).canConvertToLong()
        || json.path(name).asLong() < 0) {
      throw new IllegalArgumentException("'" + name + "' is missing or negative");
    }
    return json.path(name).asLong();
  }

  public ImportCounts counts() {
    return new ImportCounts(done.rows(), verdicts);
  }
}
