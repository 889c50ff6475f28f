package dev.weir.benchmarks.server;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A meter whose usage is billed: a plan with a graduated price of five tiers, and who subscribes to it. */
public final class BilledMeter {

  /** The price, as a request has it. */
  public static final String GRADUATED = """
      {"model":"graduated","tiers":[
        {"upTo":"1000","unitPrice":"0.01","flat":"0"},
        {"upTo":"10000","unitPrice":"0.008","flat":"0"},
        {"upTo":"100000","unitPrice":"0.005","flat":"0"},
        {"upTo":"1000000","unitPrice":"0.002","flat":"0"},
        {"upTo":null,"unitPrice":"0.001","flat":"0"}]}""";

  private final WeirClient client;
  private final String plan;
  private final String startedAt;

  /**
   * Creates the plan.
   *
   * @param meter that no plan of ours has yet
   * @param now whose usage is billed from a day before
   */
  public BilledMeter(WeirClient client, String meter, Instant now) throws InterruptedException {
    this.client = client;
    this.plan = "plan_" + meter;
    this.startedAt =
        now.minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();
    client.post("/api/billing/plans", """
        {"key":"%s","name":"Bench","currency":"USD","billingCycle":"monthly","rateCards":[
          {"key":"tokens","type":"usage","meter":"%s","price":%s}]}""".formatted(plan, meter, GRADUATED));
  }

  /** Has a customer subscribe for a subject; gives the path of the running bill. */
  public String subscribe(String subject) throws InterruptedException {
    String customer = "bench-" + subject;
    client.postUnlessThere("/api/billing/customers", """
        {"key":"%s","name":"Bench","currency":"USD","subjects":["%s"]}""".formatted(customer, subject));
    String id = client
        .post("/api/billing/subscriptions", """
            {"customerKey":"%s","planId":"%s","startedAt":"%s"}""".formatted(customer, plan, startedAt))
        .at("/data/id")
        .asText();
    return "/api/billing/subscriptions/" + id + "/bill";
  }
}
