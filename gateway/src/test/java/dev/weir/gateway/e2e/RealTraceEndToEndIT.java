package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A production trace is metered and billed: the two token totals on the invoice are the sums of the
 * file's columns. The file is "Azure LLM inference trace 2023", Microsoft, CC BY 4.0; it is not part of
 * this repository.
 */
final class RealTraceEndToEndIT {

  private static final String FILE = "../shared/data/AzureLLMInferenceTrace_conv.csv";

  @TempDir
  Path directory;

  @Test
  void invoicedQuantitiesAreTheSumsOfTheColumns() throws IOException {
    Path file = WeirProcess.root().resolve(FILE).normalize();
    if (!Files.isReadable(file)) {
      String message = "NOT TESTED: the real trace, because there is no " + file;
      System.out.println("RealTraceEndToEndIT: " + message);
      assumeTrue(false, message);
    }
    try (LocalWeir weir = LocalWeir.start(directory)) {
      Http admin = DemoRun.addAccount(weir);

      DemoRun run = DemoRun.against(weir, "--input", file.toString());

      assertEquals("demo: OK", run.lastLine(), run.output());
      assertEquals(0, run.exitCode(), run.output());
      Map<String, BigDecimal> expected = new TreeMap<>();
      expected.put("context_tokens", columnSum(file, "ContextTokens"));
      expected.put("generated_tokens", columnSum(file, "GeneratedTokens"));
      assertEquals(expected, invoicedQuantities(admin));
    }
  }

  private static BigDecimal columnSum(Path file, String column) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int index = List.of(lines.get(0).split(",", -1)).indexOf(column);
    return lines.stream()
        .skip(1)
        .map(line -> new BigDecimal(line.split(",", -1)[index]))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Map<String, BigDecimal> invoicedQuantities(Http admin) {
    Map<String, BigDecimal> quantities = new TreeMap<>();
    JsonNode invoices = admin.get("/api/billing/invoices").require(200).data();
    for (JsonNode invoice : invoices) {
      String items =
          "/api/billing/invoices/%s/items".formatted(invoice.path("id").asText());
      for (JsonNode item : admin.get(items).require(200).data()) {
        quantities.merge(
            item.path("rateCard").asText(),
            new BigDecimal(item.path("quantity").asText()),
            BigDecimal::add);
      }
    }
    return quantities;
  }
}
