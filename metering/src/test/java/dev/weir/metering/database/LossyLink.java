package dev.weir.metering.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A TCP relay to PostgreSQL that can be cut, can fall silent, and can lose just the answer to a COMMIT.
 */
public final class LossyLink implements AutoCloseable {

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicReference<CountDownLatch> loseNextCommit = new AtomicReference<>();
  private final Object silence = new Object();
  private volatile boolean cut;
  private boolean silent;

  public LossyLink(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /**
   * The next COMMIT reaches the server and is carried out; its answer is lost, and the link is cut.
   *
   * @return opens when that has happened
   */
  public CountDownLatch loseNextCommit() {
    CountDownLatch lost = new CountDownLatch(1);
    loseNextCommit.set(lost);
    return lost;
  }

  /** Breaks all connections and takes no more. */
  public void cut() {
    cut = true;
    sockets.forEach(LossyLink::close);
  }

  /**
   * From now on nothing is passed on, in either direction; connections stay, and new ones are taken and
   * never answered.
   */
  public void fallSilent() {
    synchronized (silence) {
      silent = true;
    }
  }

  /** Passes on again, also what was held back, and takes connections. */
  public void mend() {
    cut = false;
    synchronized (silence) {
      silent = false;
      silence.notifyAll();
    }
  }

  private void awaitSound() throws IOException {
    synchronized (silence) {
      while (silent) {
        try {
          silence.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        }
      }
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "lossy-link-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (cut) {
          close(client);
          continue;
        }
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(upstream);
        AtomicReference<CountDownLatch> losing = new AtomicReference<>();
        start("up", () -> relay(client, upstream, true, losing));
        start("down", () -> relay(upstream, client, false, losing));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }

  private void relay(Socket from, Socket to, boolean up, AtomicReference<CountDownLatch> losing) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (up && new String(buffer, 0, count, StandardCharsets.ISO_8859_1).contains("COMMIT")) {
          losing.set(loseNextCommit.getAndSet(null));
        }
        CountDownLatch lost = up ? null : losing.get();
        if (lost != null) {
          cut();
          lost.countDown();
          return;
        }
        awaitSound();
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // One side is gone; so is the other, below.
    } finally {
      close(from);
      close(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    mend();
    cut();
  }
}
