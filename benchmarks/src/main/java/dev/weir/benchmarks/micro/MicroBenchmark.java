package dev.weir.benchmarks.micro;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the micro-benchmarks through JMH, each in a JVM of its own. */
public final class MicroBenchmark {

  public static final Benchmark MICRO = new Benchmark(
      "micro",
      "the hot parts one by one, by JMH",
      List.of(
          new Option("only", "REGEX", ".*", "names of benchmarks"),
          new Option("forks", "N", "1", "JVMs, one after another; 0 for this one"),
          new Option("warm-up", "N", "3", "iterations before, not measured"),
          new Option("iterations", "N", "5", "measured in each fork"),
          new Option("millis", "N", "1000", "of each iteration"),
          new Option("param", "NAME=A,B…", "", "values of one parameter, instead of its own")),
      MicroBenchmark::run);

  private MicroBenchmark() {}

  private static Report run(Options options, Console console) throws Exception {
    TimeValue time = TimeValue.milliseconds(options.number("millis", 1, 600_000));
    ChainedOptionsBuilder jmh = new OptionsBuilder()
        .include("dev\\.weir\\.benchmarks\\.jmh\\..*" + pattern(options))
        .forks(options.countOrNone("forks"))
        .warmupIterations(options.countOrNone("warm-up"))
        .warmupTime(time)
        .measurementIterations(options.count("iterations"))
        .measurementTime(time)
        .shouldFailOnError(true);
    if (options.isGiven("param")) {
      String[] parameter = parameter(options.text("param"));
      jmh.param(parameter[0], parameter[1].split(",", -1));
    }
    Collection<RunResult> results = new Runner(jmh.build()).run();
    List<List<String>> rows = new ArrayList<>();
    results.forEach(result -> rows.add(row(result)));
    console.say("");
    return new Report(
        "micro",
        "Micro-benchmarks",
        List.of(
            new Fact("events", "LLM calls of about 230 bytes, 1,000 in a body"),
            new Fact("an acknowledged event is", "none: each measures a part of what comes before"),
            new Fact(
                "time",
                "%d forks, %d iterations of %s after %d of warm-up"
                    .formatted(
                        options.countOrNone("forks"),
                        options.count("iterations"),
                        time,
                        options.countOrNone("warm-up")))),
        List.of(new Section.Table(
            "By JMH",
            List.of("", "parameters", "score", "error, 99.9 %", "min", "max", "unit"),
            rows)),
        List.of());
  }

  private static String pattern(Options options) {
    try {
      return Pattern.compile(options.text("only")).pattern();
    } catch (PatternSyntaxException e) {
      throw new UsageFailure("--only must be a regular expression: " + e.getDescription());
    }
  }

  private static String[] parameter(String text) {
    String[] parameter = text.split("=", 2);
    if (parameter.length != 2) {
      throw new UsageFailure("--param must be as held=1000,2000, not '" + text + "'");
    }
    return parameter;
  }

  private static List<String> row(RunResult result) {
    Result<?> primary = result.getPrimaryResult();
    String name = result.getParams().getBenchmark().replaceFirst(".*\\.jmh\\.", "");
    String parameters = result.getParams().getParamsKeys().stream()
        .map(key -> key + "=" + result.getParams().getParam(key))
        .collect(Collectors.joining(" "));
    return List.of(
        name,
        parameters,
        shown(primary.getScore()),
        shown(primary.getScoreError()),
        shown(primary.getStatistics().getMin()),
        shown(primary.getStatistics().getMax()),
        primary.getScoreUnit());
  }

  /** One iteration has no error. */
  private static String shown(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%,.0f", value) : "–";
  }
}
