package dev.weir.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** One connection with at most one request under way. Confined to its sender's thread. */
final class Http1Connection implements AutoCloseable {

  private static final int READ_BYTES = 64 * 1024;

  private final LoadPlan plan;
  private final Selector selector;
  private final Exchange exchange;
  private final AnswerParser parser = new AnswerParser();
  private final byte[] received = new byte[READ_BYTES];
  private final ByteBuffer receiving = ByteBuffer.wrap(received);
  private final IdentityHashMap<RequestForm, byte[]> heads = new IdentityHashMap<>();
  private final ByteBuffer[] sending = new ByteBuffer[2];
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private long dueNanos;

  Http1Connection(LoadPlan plan, Selector selector, Exchange exchange) {
    this.plan = plan;
    this.selector = selector;
    this.exchange = exchange;
  }

  /** Connects, and waits until that is done. */
  void open() throws IOException {
    close();
    parser.clear();
    int port = plan.server().getPort();
    SocketChannel opened =
        SocketChannel.open(new InetSocketAddress(plan.server().getHost(), port < 0 ? 80 : port));
    opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    opened.configureBlocking(false);
    channel = opened;
    key = opened.register(selector, SelectionKey.OP_READ, this);
  }

  boolean isOpen() {
    return channel != null;
  }

  /** Sends the next request. */
  void send(long due) throws IOException {
    dueNanos = due;
    RequestForm form = exchange.next();
    byte[] head = heads.computeIfAbsent(form, unknown -> unknown.head(plan));
    sending[0] = ByteBuffer.wrap(head);
    sending[1] = ByteBuffer.wrap(exchange.body(), 0, form.bodyBytes());
    write();
  }

  private void write() throws IOException {
    SocketChannel open = channel;
    SelectionKey registered = key;
    if (open == null || registered == null) {
      throw new IOException("not connected");
    }
    open.write(sending);
    boolean whole = !sending[0].hasRemaining() && !sending[1].hasRemaining();
    registered.interestOps(
        whole ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  /** Goes on with what the selector says is possible; true when an answer is whole. */
  boolean proceed() throws IOException {
    SelectionKey registered = key;
    SocketChannel open = channel;
    if (registered == null || open == null) {
      return false;
    }
    if (registered.isWritable()) {
      write();
    }
    if (!registered.isReadable()) {
      return false;
    }
    receiving.clear();
    int count = open.read(receiving);
    if (count < 0) {
      throw new IOException("closed by the server");
    }
    parser.add(received, count);
    return parser.read();
  }

  long dueNanos() {
    return dueNanos;
  }

  Exchange exchange() {
    return exchange;
  }

  AnswerParser parser() {
    return parser;
  }

  @Override
  public void close() throws IOException {
    SocketChannel open = channel;
    channel = null;
    key = null;
    if (open != null) {
      open.close();
    }
  }
}
