package dev.weir.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.Parallel;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.workload.DemoMeter;
import dev.weir.gateway.demo.workload.DemoPlan;
import dev.weir.gateway.demo.workload.Workload;
import dev.weir.gateway.terminal.CommandFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Creates what billing needs: meters, the plan, customers and their subscriptions. Expects a tenant
 * without them.
 */
public final class DemoSetup {

  public static final int REQUESTS_AT_ONCE = 8;

  private final WeirClient client;
  private final Workload workload;

  /**
   * What the server called the customers.
   *
   * @param keyById customer id to key
   * @param subscriptionByKey customer key to subscription id
   */
  record Accounts(Map<String, String> keyById, Map<String, String> subscriptionByKey) {

    Accounts {
      keyById = Map.copyOf(keyById);
      subscriptionByKey = Map.copyOf(subscriptionByKey);
    }
  }

  private record Account(String key, String id, String subscriptionId) {}

  DemoSetup(WeirClient client, Workload workload) {
    this.client = client;
    this.workload = workload;
  }

  Accounts create() {
    for (DemoMeter meter : workload.meters()) {
      client.post("/api/v1/meters", meter.json());
    }
    client.post("/api/billing/plans", workload.plan().json());
    List<Callable<Account>> tasks = new ArrayList<>();
    workload.customers().forEach((key, subject) -> tasks.add(() -> account(key, subject)));
    Map<String, String> keyById = new LinkedHashMap<>();
    Map<String, String> subscriptionByKey = new LinkedHashMap<>();
    for (Account account : Parallel.run("demo-setup", REQUESTS_AT_ONCE, tasks)) {
      keyById.put(account.id(), account.key());
      subscriptionByKey.put(account.key(), account.subscriptionId());
    }
    return new Accounts(keyById, subscriptionByKey);
  }

  private Account account(String key, String subject) {
    Map<String, Object> customer = new LinkedHashMap<>();
    customer.put("key", key);
    customer.put("name", subject);
    customer.put("currency", DemoPlan.CURRENCY);
    customer.put("timeZone", "UTC");
    customer.put("subjects", List.of(subject));
    String id = idOf(client.post("/api/billing/customers", customer));
    Map<String, Object> subscription = new LinkedHashMap<>();
    subscription.put("customerKey", key);
    subscription.put("planId", workload.plan().key());
    subscription.put("startedAt", workload.from().toString());
    return new Account(key, id, idOf(client.post("/api/billing/subscriptions", subscription)));
  }

  private static String idOf(JsonNode answer) {
    String id = answer.path("data").path("id").asText();
    if (id.isEmpty()) {
      throw new CommandFailure("The answer has no data.id: " + answer);
    }
    return id;
  }
}
