package dev.weir.benchmarks.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One event loop over connections of HTTP/1.1. Between a request and the next it waits in the selector,
 * or, when less than a millisecond is left, in short sleeps: an answer may be seen 0.1 ms late, never
 * early.
 */
final class Http1Sender implements Sender {

  private static final long SELECT_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(1_200);
  private static final long SLEEP_NANOS_MAX = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long SELECT_MILLIS_MAX = 50;
  private static final long RECONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final LoadPlan plan;
  private final Schedule schedule;
  private final List<Exchange> exchanges;
  private final SenderResult result = new SenderResult();
  private final Deque<Http1Connection> idle = new ArrayDeque<>();
  private final Deque<Http1Connection> broken = new ArrayDeque<>();
  private final Set<Http1Connection> busy = new HashSet<>();
  private final long lastSendNanos;
  private final long deadlineNanos;
  private long next;
  private long reconnectNanos;

  Http1Sender(LoadPlan plan, Schedule schedule, List<Exchange> exchanges) {
    this.plan = plan;
    this.schedule = schedule;
    this.exchanges = List.copyOf(exchanges);
    this.lastSendNanos = schedule.endNanos() + TimeUnit.MILLISECONDS.toNanos(LoadPlan.LATE_MILLIS);
    this.deadlineNanos = schedule.endNanos() + TimeUnit.MILLISECONDS.toNanos(LoadPlan.GRACE_MILLIS);
  }

  @Override
  public SenderResult call() throws IOException {
    try (Selector selector = Selector.open()) {
      for (Exchange exchange : exchanges) {
        Http1Connection connection = new Http1Connection(plan, selector, exchange);
        connection.open();
        idle.add(connection);
      }
      try {
        SenderCpu cpu = new SenderCpu(schedule);
        while (!isOver()) {
          cpu.look();
          sendDue();
          await(selector);
        }
        result.cpu(cpu.nanos());
        giveUp();
      } finally {
        closeAll();
      }
    }
    return result;
  }

  private boolean isOver() {
    long now = System.nanoTime();
    boolean nothingToSend = schedule.isOver(next) || now - lastSendNanos >= 0;
    return (busy.isEmpty() && nothingToSend) || now - deadlineNanos >= 0;
  }

  private void sendDue() {
    reconnect();
    while (!idle.isEmpty() && !schedule.isOver(next)) {
      long due = schedule.due(next);
      long now = System.nanoTime();
      if (due - now > 0 || now - lastSendNanos >= 0) {
        return;
      }
      next++;
      Http1Connection connection = idle.pop();
      busy.add(connection);
      if (schedule.isMeasured(due)) {
        result.departed(due, now);
      }
      try {
        connection.send(due);
      } catch (IOException e) {
        fail(connection);
      }
    }
  }

  private void reconnect() {
    long now = System.nanoTime();
    if (broken.isEmpty() || now - reconnectNanos < 0) {
      return;
    }
    reconnectNanos = now + RECONNECT_NANOS;
    for (int i = broken.size(); i > 0; i--) {
      Http1Connection connection = broken.remove();
      try {
        connection.open();
        idle.push(connection);
      } catch (IOException e) {
        broken.add(connection);
      }
    }
  }

  private void await(Selector selector) throws IOException {
    long wait = idle.isEmpty() || schedule.isOver(next)
        ? TimeUnit.MILLISECONDS.toNanos(SELECT_MILLIS_MAX)
        : schedule.due(next) - System.nanoTime();
    if (wait >= SELECT_NANOS_MIN) {
      selector.select(
          this::proceed, Math.min(SELECT_MILLIS_MAX, TimeUnit.NANOSECONDS.toMillis(wait)));
    } else if (selector.selectNow(this::proceed) == 0 && wait > 0) {
      LockSupport.parkNanos(Math.min(wait, SLEEP_NANOS_MAX));
    }
  }

  private void proceed(SelectionKey key) {
    Http1Connection connection = (Http1Connection) key.attachment();
    try {
      if (connection.proceed()) {
        answered(connection);
      }
    } catch (IOException | IllegalStateException e) {
      fail(connection);
    }
  }

  private void answered(Http1Connection connection) throws IOException {
    AnswerParser parser = connection.parser();
    tell(connection, parser.status(), parser.body(), parser.bodyLength());
    if (parser.closes()) {
      connection.close();
      broken.add(connection);
    } else {
      idle.push(connection);
    }
  }

  private void fail(Http1Connection connection) {
    tell(connection, Exchange.NO_ANSWER, new byte[0], 0);
    idle.remove(connection);
    try {
      connection.close();
    } catch (IOException e) {
      // It is of no use any more, in either case.
    }
    broken.add(connection);
  }

  /** Nothing to tell when the server closed a connection on which nothing was under way. */
  private void tell(Http1Connection connection, int status, byte[] body, int length) {
    if (!busy.remove(connection)) {
      return;
    }
    boolean measured = schedule.isMeasured(connection.dueNanos());
    boolean wanted = connection.exchange().answered(status, body, length, measured);
    long now = System.nanoTime();
    if (measured) {
      result.answered(connection.dueNanos(), now, status, wanted);
    }
    if (wanted && schedule.isWithin(now)) {
      result.completed();
    }
  }

  private void giveUp() {
    List.copyOf(busy).forEach(this::fail);
    long unsent = 0;
    for (; !schedule.isOver(next); next++) {
      unsent += schedule.isMeasured(schedule.due(next)) ? 1 : 0;
    }
    result.unsent(unsent);
  }

  private void closeAll() throws IOException {
    for (Deque<Http1Connection> connections : List.of(idle, broken)) {
      for (Http1Connection connection : connections) {
        connection.close();
      }
    }
    for (Http1Connection connection : busy) {
      connection.close();
    }
  }
}
