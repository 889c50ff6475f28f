package dev.weir.benchmarks.reads;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.benchmarks.server.BilledMeter;
import dev.weir.benchmarks.server.WeirClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Sets up what is asked about, and asks each question once to know its answer. */
final class Questions {

  private static final String PREVIEW = "/api/billing/prices/preview";
  private static final int CUSTOMERS_MAX = 20;

  private final WeirClient client;
  private final String meter;
  private final int subjects;

  /**
   * @param meter with usage of all subjects
   */
  Questions(WeirClient client, String meter, int subjects) {
    this.client = client;
    this.meter = meter;
    this.subjects = subjects;
  }

  /** The total of one subject; each in turn. */
  List<Question> queries() throws InterruptedException {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < subjects; i++) {
      String path = "/api/v1/meters/" + meter + "/query?subject=" + EventShape.subject(i);
      JsonNode value = client.get(path).at("/data/0/value");
      questions.add(Question.get(path, "\"value\":" + value.asText() + ","));
    }
    return questions;
  }

  /** The running bill of a subscription with a graduated price; of up to 20 customers in turn. */
  List<Question> bills(Instant now) throws InterruptedException {
    BilledMeter billed = new BilledMeter(client, meter, now);
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < Math.min(CUSTOMERS_MAX, subjects); i++) {
      String path = billed.subscribe(EventShape.subject(i));
      String quantity = client.get(path).at("/data/lines/0/quantity").asText();
      questions.add(Question.get(path, "\"quantity\":\"" + quantity + "\""));
    }
    return questions;
  }

  /** What a quantity costs under a price of five tiers. */
  List<Question> previews() throws InterruptedException {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS_MAX; i++) {
      String body = "{\"currency\":\"USD\",\"price\":%s,\"quantity\":\"%d\"}"
          .formatted(BilledMeter.GRADUATED, 7L + 98_765L * i);
      String amount = client.post(PREVIEW, body).at("/data/amount").asText();
      questions.add(Question.post(PREVIEW, body, "\"amount\":\"" + amount + "\""));
    }
    return questions;
  }
}
