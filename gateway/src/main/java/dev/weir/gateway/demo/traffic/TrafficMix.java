package dev.weir.gateway.demo.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Who calls what: 200 customers whose sizes follow Zipf's law, five models, six regions. Immutable;
 * picks are table look-ups.
 */
final class TrafficMix {

  /** Decimal places of {@link Model} prices and of an event's cost. */
  static final int COST_SCALE = 8;

  static final int CUSTOMERS = 200;

  /**
   * A model and what a call costs its operator.
   *
   * @param share of 256 calls
   * @param inputPrice US dollars per input token, times 10^8
   * @param outputPrice US dollars per output token, times 10^8
   */
  record Model(String name, int share, int inputPrice, int outputPrice) {}

  static final List<Model> MODELS = List.of(
      new Model("atlas-small", 92, 25, 125),
      new Model("atlas-large", 64, 300, 1500),
      new Model("nova-mini", 66, 15, 60),
      new Model("quill-long", 22, 125, 1000),
      new Model("echo-embed", 12, 2, 1));

  static final List<String> REGIONS =
      List.of("us-east", "us-west", "eu-west", "eu-north", "ap-south", "ap-east");

  private static final int CUSTOMER_SLOTS = 1 << 16;
  private static final int MODEL_SLOTS = 1 << 8;
  private static final int ZIPF_SCALE = 1_000_000;

  private final byte[][] customerNames;
  private final byte[][] modelNames;
  private final byte[][] regionNames;
  private final short[] customerBySlot = new short[CUSTOMER_SLOTS];
  private final byte[] modelBySlot = new byte[MODEL_SLOTS];

  TrafficMix() {
    customerNames = ascii(customers());
    modelNames = ascii(MODELS.stream().map(Model::name).toList());
    regionNames = ascii(REGIONS);
    fillCustomers();
    fillModels();
  }

  /** Names from acme-001, the largest, to acme-200. */
  static List<String> customers() {
    return IntStream.rangeClosed(1, CUSTOMERS)
        .mapToObj(number -> String.format(Locale.ROOT, "acme-%03d", number))
        .toList();
  }

  private static byte[][] ascii(List<String> names) {
    return names.stream().map(name -> name.getBytes(US_ASCII)).toArray(byte[][]::new);
  }

  private void fillCustomers() {
    long all =
        IntStream.rangeClosed(1, CUSTOMERS).mapToLong(rank -> ZIPF_SCALE / rank).sum();
    long upTo = 0;
    int slot = 0;
    for (int customer = 0; customer < CUSTOMERS; customer++) {
      upTo += ZIPF_SCALE / (customer + 1);
      long end = upTo * CUSTOMER_SLOTS / all;
      while (slot < end) {
        customerBySlot[slot++] = (short) customer;
      }
    }
  }

  private void fillModels() {
    int slot = 0;
    for (int model = 0; model < MODELS.size(); model++) {
      for (int share = MODELS.get(model).share(); share > 0; share--) {
        modelBySlot[slot++] = (byte) model;
      }
    }
  }

  int customer(long draw) {
    return customerBySlot[(int) (draw & (CUSTOMER_SLOTS - 1))];
  }

  int model(long draw) {
    return modelBySlot[(int) (draw & (MODEL_SLOTS - 1))];
  }

  /** A customer uses between one and six regions, depending on which customer it is. */
  int region(int customer, int draw) {
    int used = 1 + customer % REGIONS.size();
    return (customer + draw % used) % REGIONS.size();
  }

  byte[] customerName(int customer) {
    return customerNames[customer];
  }

  byte[] modelName(int model) {
    return modelNames[model];
  }

  byte[] regionName(int region) {
    return regionNames[region];
  }
}
