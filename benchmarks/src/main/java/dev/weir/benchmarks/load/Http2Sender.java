package dev.weir.benchmarks.load;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * One Vert.x event loop over connections of HTTP/2. The thread of this sender only keeps time: it wakes
 * the event loop when something is due; everything else is confined to the event loop.
 */
final class Http2Sender implements Sender {

  private static final long SLEEP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  private final LoadPlan plan;
  private final Schedule schedule;
  private final Deque<Exchange> idle;
  private final SenderResult result = new SenderResult();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final HttpClient client;
  private final CompletableFuture<SenderResult> done = new CompletableFuture<>();
  private final SenderCpu cpu;
  private final long lastSendNanos;
  private final long deadlineNanos;
  private final IdentityHashMap<Exchange, Long> busy = new IdentityHashMap<>();
  private long next;
  private volatile long nextDueNanos;
  private volatile boolean over;

  Http2Sender(LoadPlan plan, Schedule schedule, List<Exchange> exchanges) {
    this.plan = plan;
    this.schedule = schedule;
    this.idle = new ArrayDeque<>(exchanges);
    this.cpu = new SenderCpu(schedule);
    this.lastSendNanos = schedule.endNanos() + TimeUnit.MILLISECONDS.toNanos(LoadPlan.LATE_MILLIS);
    this.deadlineNanos = schedule.endNanos() + TimeUnit.MILLISECONDS.toNanos(LoadPlan.GRACE_MILLIS);
    this.nextDueNanos = schedule.due(0);
    this.client = vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2MultiplexingLimit(LoadPlan.STREAMS)
            .setTcpNoDelay(true),
        new PoolOptions().setHttp2MaxSize(Math.max(1, exchanges.size() / LoadPlan.STREAMS)));
  }

  @Override
  public SenderResult call() throws Exception {
    try {
      while (!over) {
        long wait = nextDueNanos - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(Math.min(wait, SLEEP_NANOS_MAX));
        } else {
          // Until the event loop has sent, or has nothing free to send on, or it is over.
          CompletableFuture<Void> pumped = new CompletableFuture<>();
          context.runOnContext(loop -> {
            pump();
            pumped.complete(null);
          });
          pumped.get();
        }
      }
      return done.get(LoadPlan.GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the event loop does not end", e);
    } finally {
      vertx.close().await(LoadPlan.GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void pump() {
    long now = System.nanoTime();
    cpu.look();
    boolean isLate = now - lastSendNanos >= 0;
    while (!isLate && !idle.isEmpty() && !schedule.isOver(next) && schedule.due(next) - now <= 0) {
      long due = schedule.due(next++);
      if (schedule.isMeasured(due)) {
        result.departed(due, now);
      }
      send(idle.pop(), due);
    }
    boolean nothingToSend = schedule.isOver(next) || isLate;
    if ((nothingToSend && busy.isEmpty()) || now - deadlineNanos >= 0) {
      end();
    } else if (nothingToSend || idle.isEmpty()) {
      nextDueNanos = now + SLEEP_NANOS_MAX;
    } else {
      nextDueNanos = schedule.due(next);
    }
  }

  private void send(Exchange exchange, long due) {
    busy.put(exchange, due);
    RequestForm form = exchange.next();
    RequestOptions request = new RequestOptions()
        .setMethod(HttpMethod.valueOf(form.method()))
        .setHost(plan.server().getHost())
        .setPort(plan.server().getPort())
        .setURI(form.path());
    if (!plan.key().isEmpty()) {
      request.putHeader("Authorization", "Bearer " + plan.key());
    }
    form.headers().forEach(request::putHeader);
    if (!form.type().isEmpty()) {
      request.putHeader("Content-Type", form.type());
    }
    // The body is copied: HTTP/2 may hold parts of it back behind its window.
    Buffer body = Buffer.buffer().appendBytes(exchange.body(), 0, form.bodyBytes());
    client
        .request(request)
        .compose(sent -> form.type().isEmpty() ? sent.send() : sent.send(body))
        .compose(response -> response.body().map(bytes -> {
          answered(exchange, response.statusCode(), bytes.getBytes());
          return null;
        }))
        .onFailure(e -> answered(exchange, Exchange.NO_ANSWER, new byte[0]));
  }

  private void answered(Exchange exchange, int status, byte[] body) {
    Long due = busy.remove(exchange);
    if (due == null) {
      return;
    }
    boolean measured = schedule.isMeasured(due);
    boolean wanted = exchange.answered(status, body, body.length, measured);
    long now = System.nanoTime();
    if (measured) {
      result.answered(due, now, status, wanted);
    }
    if (wanted && schedule.isWithin(now)) {
      result.completed();
    }
    idle.push(exchange);
    if (!over && (schedule.isOver(next) || schedule.due(next) - System.nanoTime() <= 0)) {
      pump();
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    List.copyOf(busy.keySet())
        .forEach(exchange -> answered(exchange, Exchange.NO_ANSWER, new byte[0]));
    long unsent = 0;
    for (; !schedule.isOver(next); next++) {
      unsent += schedule.isMeasured(schedule.due(next)) ? 1 : 0;
    }
    result.unsent(unsent);
    result.cpu(cpu.nanos());
    done.complete(result);
  }
}
