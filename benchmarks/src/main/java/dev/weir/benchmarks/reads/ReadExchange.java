package dev.weir.benchmarks.reads;

import dev.weir.benchmarks.load.AnswerText;
import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.RequestForm;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Asks questions in turn. */
final class ReadExchange implements Exchange {

  /** Answers of all exchanges. */
  static final class Tally {
    private final AtomicInteger turn = new AtomicInteger();
    private final LongAdder right = new LongAdder();
    private final LongAdder wrong = new LongAdder();

    long right() {
      return right.sum();
    }

    /** Answers with status 200 and another value. */
    long wrong() {
      return wrong.sum();
    }
  }

  private final List<Question> questions;
  private final Tally tally;
  private Question asked;

  ReadExchange(List<Question> questions, Tally tally) {
    this.questions = questions;
    this.tally = tally;
    this.asked = questions.get(0);
  }

  @Override
  public RequestForm next() {
    asked = questions.get(Math.floorMod(tally.turn.getAndIncrement(), questions.size()));
    return asked.form();
  }

  @Override
  public byte[] body() {
    return asked.body();
  }

  @Override
  public boolean answered(int status, byte[] answer, int length, boolean measured) {
    if (status != 200) {
      return false;
    }
    boolean isRight = AnswerText.behind(asked.part(), answer, length) >= 0;
    (isRight ? tally.right : tally.wrong).increment();
    return isRight;
  }
}
