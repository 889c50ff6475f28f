package dev.weir.benchmarks.jmh;

import dev.weir.metering.Quantity;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.price.Charge;
import dev.weir.rating.price.Price;
import dev.weir.rating.price.PriceJson;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Rating a quantity that reaches the last of five graduated tiers, steps included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class GraduatedPriceBenchmark {

  private final Price price = PriceJson.read(JsonFields.of(Json.parseOwn("""
                  {"model":"graduated","tiers":[
                    {"upTo":"1000","unitPrice":"0.01","flat":"0"},
                    {"upTo":"10000","unitPrice":"0.008","flat":"0"},
                    {"upTo":"100000","unitPrice":"0.005","flat":"0"},
                    {"upTo":"1000000","unitPrice":"0.002","flat":"0"},
                    {"upTo":null,"unitPrice":"0.001","flat":"0"}]}
                  """)));
  private final Quantity quantity = Quantity.of("1234567");

  @Benchmark
  public Charge charge() {
    return price.rate(quantity);
  }
}
