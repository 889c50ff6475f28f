package dev.weir.gateway.demo.files;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.client.EventBatch;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.demo.workload.DemoMeter;
import dev.weir.gateway.demo.workload.DemoPlan;
import dev.weir.gateway.demo.workload.ExpectedInvoice;
import dev.weir.gateway.demo.workload.ExpectedInvoice.Line;
import dev.weir.gateway.demo.workload.Tariff;
import dev.weir.gateway.demo.workload.UsageCard;
import dev.weir.gateway.demo.workload.UsageKey;
import dev.weir.gateway.demo.workload.Workload;
import dev.weir.gateway.rows.RowEvent;
import dev.weir.gateway.rows.RowEventWriter;
import dev.weir.gateway.terminal.CommandFailure;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files of real usage. A first pass finds the mapping, adds up the columns and learns who and when; a
 * second pass sends the rows. Every meter has a price per unit.
 */
public final class CsvWorkload implements Workload {

  private static final BigDecimal UNIT_PRICE = new BigDecimal("0.00001");
  private static final String EVENT_TYPE = "csv.row";
  private static final int BAD_ROWS_SHOWN_MAX = 20;

  private final List<CsvFile> files = new ArrayList<>();
  private final List<RowEventWriter> writers = new ArrayList<>();
  private final List<String> fileSubjects = new ArrayList<>();
  private final BodyFormat format;
  private final int batchEvents;
  private final List<String> meterKeys;
  private final DemoPlan plan;
  private final CsvTotals totals;
  private final Map<String, String> subjectByKey = new LinkedHashMap<>();
  private final List<String> badRows = new ArrayList<>();
  private long badRowCount;

  private int sendingFile;
  private CsvFile.@Nullable Events sending;

  /**
   * Reads all files once.
   *
   * @throws CommandFailure when a file cannot be read or mapped, or has no usable row
   */
  public CsvWorkload(List<Path> paths, CsvColumns said, int batchEvents, BodyFormat format) {
    this.batchEvents = batchEvents;
    this.format = format;
    for (Path path : paths) {
      add(CsvFile.open(path, said));
    }
    CsvMapping mapping = files.get(0).mapping();
    this.meterKeys = List.copyOf(mapping.meters().keySet());
    this.plan = new DemoPlan(
        "csv",
        "Imported usage",
        null,
        meterKeys.stream()
            .map(key -> new UsageCard(key, key, Map.of(), new Tariff.PerUnit(UNIT_PRICE)))
            .toList());
    this.totals = new CsvTotals(meterKeys.size(), mapping.id() != null);
    scan();
    totals
        .subjects()
        .forEach(subject -> subjectByKey.put(unused(slug(subject), subjectByKey), subject));
  }

  private void add(CsvFile file) {
    CsvMapping mapping = file.mapping();
    if (!files.isEmpty() && !sameNames(files.get(0).mapping(), mapping)) {
      throw new CommandFailure(
          "%s and %s map to different meters or dimensions; meter them in separate"
                  .formatted(files.get(0).name(), file.name())
              + " runs, or map them with --meter.");
    }
    files.add(file);
    String source = mapping.id() == null ? "csv/" + files.size() : "csv";
    writers.add(new RowEventWriter(source, EVENT_TYPE));
    String name = file.name().replaceFirst("(?i)\\.csv$", "");
    Map<String, String> taken = new HashMap<>();
    fileSubjects.forEach(subject -> taken.put(subject, subject));
    fileSubjects.add(unused(slug(name), taken));
  }

  private static boolean sameNames(CsvMapping left, CsvMapping right) {
    return left.meters().keySet().equals(right.meters().keySet())
        && left.groupBy().keySet().equals(right.groupBy().keySet());
  }

  /** Letters, digits and hyphens, at most 60 of them. */
  static String slug(String name) {
    String slug =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return slug.isEmpty() ? "customer" : slug.substring(0, Math.min(slug.length(), 60));
  }

  private static String unused(String key, Map<String, String> taken) {
    String candidate = key;
    for (int number = 2; taken.containsKey(candidate); number++) {
      candidate = key + "-" + number;
    }
    return candidate;
  }

  private void scan() {
    ByteWriter bytes = new ByteWriter(4_096);
    for (int number = 0; number < files.size(); number++) {
      try (CsvFile.Events events = files.get(number).events()) {
        for (RowEvent event = events.next(this::badRow);
            event != null;
            event = events.next(this::badRow)) {
          String subject = subject(event, number);
          bytes.clear();
          write(event, number, subject, bytes);
          totals.add(event, subject, fingerprint(bytes));
        }
      }
    }
    if (totals.isEmpty()) {
      throw new CommandFailure("There is no usable row.\n" + String.join("\n", remarks()));
    }
  }

  private void write(RowEvent event, int file, String subject, ByteWriter out) {
    writers.get(file).write(event, String.valueOf(event.id()), subject, out);
  }

  private void badRow(CsvFile file, long line, String why) {
    badRowCount++;
    if (badRows.size() < BAD_ROWS_SHOWN_MAX) {
      badRows.add("%s, line %d is left out: %s".formatted(file.name(), line, why));
    }
  }

  private String subject(RowEvent event, int file) {
    String own = event.subject();
    return own == null ? fileSubjects.get(file) : own;
  }

  /** FNV-1a, 64 bits. */
  private static long fingerprint(ByteWriter bytes) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < bytes.length(); i++) {
      hash = (hash ^ (bytes.array()[i] & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  @Override
  public String description() {
    CsvFile first = files.get(0);
    return String.format(
        Locale.ROOT,
        "%,d rows of %s (%s)",
        totals.rows(),
        String.join(", ", files.stream().map(CsvFile::name).toList()),
        first.mapping().describe(first.header()));
  }

  @Override
  public List<DemoMeter> meters() {
    List<String> dimensions = List.copyOf(files.get(0).mapping().groupBy().keySet());
    return meterKeys.stream()
        .map(key -> new DemoMeter(key, EVENT_TYPE, "SUM", key, dimensions, null))
        .toList();
  }

  @Override
  public DemoPlan plan() {
    return plan;
  }

  @Override
  public Map<String, String> customers() {
    return subjectByKey;
  }

  @Override
  public Instant from() {
    return totals.from();
  }

  @Override
  public Instant until() {
    return totals.until();
  }

  @Override
  public long eventsToSend() {
    return totals.rows();
  }

  @Override
  public BodyFormat format() {
    return format;
  }

  @Override
  public boolean fill(EventBatch batch) {
    if (totals.verdicts().conflicts() > 0) {
      // The first row with an id must arrive first; which rows contradict it is not kept.
      batch.sendAfterAllEarlier();
    }
    while (batch.events() < batchEvents && sendingFile < files.size()) {
      RowEvent event = nextToSend();
      if (event != null) {
        format.beforeEvent(batch);
        write(event, sendingFile, subject(event, sendingFile), batch.body());
        batch.countEvent();
      }
    }
    if (batch.events() == 0) {
      return false;
    }
    format.end(batch);
    return true;
  }

  /** The next event of the current file; null after its last, when the next file becomes current. */
  private @Nullable RowEvent nextToSend() {
    CsvFile.Events events = sending == null ? files.get(sendingFile).events() : sending;
    sending = events;
    RowEvent event = events.next((file, line, why) -> {});
    if (event == null) {
      events.close();
      sending = null;
      sendingFile++;
    }
    return event;
  }

  @Override
  public Verdicts expectedVerdicts() {
    return totals.verdicts();
  }

  @Override
  public Map<UsageKey, BigDecimal> expectedUsage(DemoMeter meter) {
    int index = meterKeys.indexOf(meter.key());
    Map<UsageKey, BigDecimal> usage = new HashMap<>();
    for (String subject : totals.subjects()) {
      BigDecimal sum = totals.byMonth(subject).values().stream()
          .map(values -> values.get(index))
          .reduce(BigDecimal.ZERO, BigDecimal::add);
      usage.put(new UsageKey(subject, ""), sum);
    }
    return usage;
  }

  @Override
  public List<ExpectedInvoice> expectedInvoices(String customerKey) {
    List<ExpectedInvoice> invoices = new ArrayList<>();
    totals.byMonth(String.valueOf(subjectByKey.get(customerKey))).forEach((month, values) -> {
      TreeMap<String, Line> lines = new TreeMap<>();
      for (int meter = 0; meter < meterKeys.size(); meter++) {
        UsageCard card = plan.cards().get(meter);
        BigDecimal quantity = values.get(meter);
        lines.put(card.key(), new Line(quantity, card.tariff().billed(quantity)));
      }
      invoices.add(new ExpectedInvoice(CsvTotals.start(month), lines));
    });
    return invoices;
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>(badRows);
    if (badRowCount > badRows.size()) {
      remarks.add("… and %d more rows".formatted(badRowCount - badRows.size()));
    }
    return remarks;
  }
}
