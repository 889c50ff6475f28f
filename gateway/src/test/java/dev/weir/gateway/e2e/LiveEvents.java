package dev.weir.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader of a live stream over a plain socket, which reads no more than it is asked for, so that it can
 * be slow.
 */
final class LiveEvents implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final BufferedReader lines;

  /** One event: its name, its id (empty when it has none), its data. */
  record Event(String name, String id, JsonNode data) {}

  private LiveEvents(Socket socket, BufferedReader lines) {
    this.socket = socket;
    this.lines = lines;
  }

  /** Connects and reads up to the event that says that the stream has begun. */
  static LiveEvents open(String url, String credential, String query) {
    try {
      URI server = URI.create(url);
      Socket socket = new Socket();
      socket.setReceiveBufferSize(4 * 1024);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MILLIS);
      String request = """
          GET /api/v1/events/stream%s HTTP/1.1\r
          Host: weir\r
          Authorization: %s\r
          Accept: text/event-stream\r
          Accept-Encoding: gzip\r
          \r
          """.formatted(query, credential);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      BufferedReader lines = new BufferedReader(
          new InputStreamReader(new Chunks(socket.getInputStream()), StandardCharsets.UTF_8), 16);
      LiveEvents events = new LiveEvents(socket, lines);
      Event start = events.next();
      if (!start.name().equals("start")) {
        throw new AssertionError(start);
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next event; comments are left out. */
  Event next() {
    String name = "";
    String id = "";
    String data = "";
    long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !name.isEmpty()) {
          return new Event(name, id, Json.parseOwn(data));
        } else if (System.nanoTime() > deadline) {
          throw new AssertionError("nothing but comments");
        } else if (!line.isEmpty() && !line.startsWith(":")) {
          throw new AssertionError("no line of a stream: " + line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the stream ended");
  }

  List<Event> next(int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(next());
    }
    return events;
  }

  /** Whether the server has closed the connection in order. */
  boolean isEnded() {
    try {
      return lines.readLine() == null;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The body of an answer in chunks, behind its head, which must say 200 and text/event-stream. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean ended;

    Chunks(InputStream in) throws IOException {
      this.in = in;
      List<String> head = new ArrayList<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        head.add(line);
      }
      boolean stream = head.get(0).startsWith("HTTP/1.1 200")
          && head.stream()
              .anyMatch(l -> l.toLowerCase(java.util.Locale.ROOT)
                  .startsWith("content-type: text/event-stream"));
      if (!stream) {
        throw new AssertionError(head);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the connection ended");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (left == 0 && !ended) {
        left = Integer.parseInt(line(), 16);
        ended = left == 0;
      }
      if (ended) {
        return -1;
      }
      int count = in.read(target, from, Math.min(length, left));
      left -= Math.max(0, count);
      if (left == 0) {
        line();
      }
      return count;
    }
  }
}
