package dev.weir.benchmarks.reads;

import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.VisibilityProbe;
import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.Load;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.server.Target;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Weir, asked one kind of question. Whoever made the target closes it. */
final class WeirReads implements ServerUnderLoad {

  private final Target target;
  private final List<Question> questions;
  private final ReadExchange.Tally tally = new ReadExchange.Tally();

  WeirReads(Target target, List<Question> questions) {
    this.target = target;
    this.questions = List.copyOf(questions);
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public LoadResult run(LoadPlan plan, Runnable onMeasure) throws InterruptedException {
    return Load.run(plan, this::exchange, onMeasure);
  }

  private Exchange exchange() {
    return new ReadExchange(questions, tally);
  }

  @Override
  public Optional<VisibilityProbe> probe() {
    return Optional.empty();
  }

  @Override
  public Words words() {
    return Words.READS;
  }

  @Override
  public Check check() {
    return new Check(
        tally.wrong() == 0,
        String.format(
            Locale.ROOT,
            "%,d answers with the right value, %,d with another",
            tally.right(),
            tally.wrong()));
  }

  @Override
  public void close() {
    // The target goes on to be asked other questions.
  }
}
