package dev.weir.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.metering.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Reports as JSON that is read back: tables and words as they are shown. Of percentiles the rows are kept,
 * not the curves.
 */
public final class ReportJson {

  /**
   * A report and the machine that it comes from.
   *
   * @param surroundings as the report's text shows them
   */
  public record Kept(Report report, List<Fact> surroundings) {
    public Kept {
      surroundings = List.copyOf(surroundings);
    }
  }

  private ReportJson() {}

  /** With a line for each row, as a file that is compared with its former version. */
  public static String of(Report report, List<Fact> surroundings) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("name", report.name()).put("title", report.title());
    add(root.putArray("faults"), report.faults());
    add(root.putObject("facts"), report.facts());
    add(root.putObject("machine"), surroundings);
    ArrayNode sections = root.putArray("sections");
    report.sections().forEach(section -> add(sections.addObject(), section));
    return root.toPrettyString() + "\n";
  }

  private static void add(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  private static void add(ObjectNode object, List<Fact> facts) {
    facts.forEach(fact -> object.put(fact.name(), fact.value()));
  }

  private static void add(ObjectNode node, Section section) {
    node.put("title", section.title());
    if (section instanceof Section.Text prose) {
      add(node.putArray("text"), prose.paragraphs());
    } else if (section instanceof Section.Output output) {
      add(node.putArray("output"), output.lines());
    } else {
      Section.Table table = section instanceof Section.Percentiles percentiles
          ? TextReport.table(percentiles)
          : (Section.Table) section;
      add(node.putArray("columns"), table.columns());
      ArrayNode rows = node.putArray("rows");
      table.rows().forEach(row -> add(rows.addArray(), row));
    }
  }

  /**
   * Reads what {@link #of} has written.
   *
   * @throws IllegalStateException if it is something else
   */
  public static Kept read(String json) {
    JsonNode root = Json.parseOwn(json);
    if (!root.path("sections").isArray() || !root.path("machine").isObject()) {
      throw new IllegalStateException("this is no report of weir bench");
    }
    List<Section> sections = new ArrayList<>();
    root.path("sections").forEach(node -> sections.add(section(node)));
    return new Kept(
        new Report(
            root.path("name").asText(),
            root.path("title").asText(),
            facts(root.path("facts")),
            sections,
            texts(root.path("faults"))),
        facts(root.path("machine")));
  }

  private static Section section(JsonNode node) {
    String title = node.path("title").asText();
    if (node.has("text")) {
      return new Section.Text(title, texts(node.path("text")));
    }
    if (node.has("output")) {
      return new Section.Output(title, texts(node.path("output")));
    }
    List<List<String>> rows = new ArrayList<>();
    node.path("rows").forEach(row -> rows.add(texts(row)));
    return new Section.Table(title, texts(node.path("columns")), rows);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static List<Fact> facts(JsonNode object) {
    List<Fact> facts = new ArrayList<>();
    object
        .properties()
        .forEach(entry -> facts.add(new Fact(entry.getKey(), entry.getValue().asText())));
    return facts;
  }
}
