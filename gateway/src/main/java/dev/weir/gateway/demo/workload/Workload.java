package dev.weir.gateway.demo.workload;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.EventBatch;
import dev.weir.gateway.client.EventSource;
import dev.weir.gateway.client.Verdicts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the demo meters and bills, and what must come out of it. The expectations are complete once
 * {@link EventSource#fill} has returned false; they come from the input, never from the server.
 */
public interface Workload extends EventSource<EventBatch> {

  /** One line for the user about what is sent. */
  String description();

  List<DemoMeter> meters();

  DemoPlan plan();

  /** Customers in a fixed order; key to the one usage subject. Not empty. */
  Map<String, String> customers();

  /** Start of the first billing period and of every subscription. */
  Instant from();

  /** End of the last billing period: how far the billing run goes. */
  Instant until();

  /** Events that will be sent, duplicates and invalid ones included. */
  long eventsToSend();

  BodyFormat format();

  /** Verdict counts over everything sent. */
  Verdicts expectedVerdicts();

  /** Usage in [from, until) by subject and the meter's split; absent means none. */
  Map<UsageKey, BigDecimal> expectedUsage(DemoMeter meter);

  /** All invoices a customer must get from the run, in order of time. */
  List<ExpectedInvoice> expectedInvoices(String customerKey);

  /** Extra lines for the end report, for example rows of a file that could not be read. */
  List<String> remarks();
}
