package dev.weir.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's request decoder, stricter. It refuses requests with an ambiguous end (RFC 9112 section 6.3:
 * request smuggling), which the original repairs silently or reads its own way, and closes a
 * connection whose request does not arrive in time. Runs on the connection's event loop.
 */
final class GuardedRequestDecoder extends VertxHttpRequestDecoder {

  private final long receiveNanos;
  private boolean receiving;
  private @Nullable Future<?> deadline;
  private long startedNanos;

  GuardedRequestDecoder(HttpServerOptions options, long receiveMillis) {
    super(options);
    this.receiveNanos = TimeUnit.MILLISECONDS.toNanos(receiveMillis);
  }

  /**
   * Called with the complete head, before the body's length is decided; an exception here makes the
   * message a bad one, which the server answers with 400 and a close.
   */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    HttpHeaders headers = message.headers();
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()) {
      if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
      }
      if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
        throw new IllegalArgumentException("a Transfer-Encoding other than chunked");
      }
      if (!message.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
        throw new IllegalArgumentException("Transfer-Encoding before HTTP/1.1");
      }
    }
    return super.isContentAlwaysEmpty(message);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    int before = out.size();
    int readable = buffer.readableBytes();
    super.decode(context, buffer, out);
    if (out.size() > before && out.get(out.size() - 1) instanceof LastHttpContent) {
      receiving = false;
    } else if (!receiving && readable > 0) {
      receiving = true;
      startedNanos = System.nanoTime();
    }
  }

  /** Only a request that did not come in one piece is worth a timer. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (receiving && deadline == null) {
      watch(context, receiveNanos);
    }
    super.channelReadComplete(context);
  }

  private void watch(ChannelHandlerContext context, long nanos) {
    deadline = context.executor().schedule(() -> expire(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void expire(ChannelHandlerContext context) {
    deadline = null;
    if (!receiving || !context.channel().isActive()) {
      return;
    }
    long left = receiveNanos - (System.nanoTime() - startedNanos);
    if (left > 0) {
      watch(context, left);
    } else {
      ChannelFuture unused = context.close();
    }
  }
}
