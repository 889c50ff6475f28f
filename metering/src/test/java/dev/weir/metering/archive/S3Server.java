package dev.weir.metering.archive;

import dev.weir.metering.archive.S3Options.S3Credentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A local server that speaks S3 (S3Proxy), as a process of its own with its objects as files below a
 * directory, where a test can reach them. Started once in a JVM by {@link #shared}.
 */
public final class S3Server implements AutoCloseable {

  public static final String BUCKET = "weir";
  public static final S3Credentials CREDENTIALS =
      new S3Credentials("weir-test", "weir-test-secret-key");

  private static final Pattern LISTENS =
      Pattern.compile("Started ServerConnector.*\\{127\\.0\\.0\\.1:([0-9]+)}");

  private final Process process;
  private final Path objects;
  private final int port;

  private S3Server(Process process, Path objects, int port) {
    this.process = process;
    this.objects = objects;
    this.port = port;
  }

  private static final class Holder {
    static final S3Server SHARED = start();

    private static S3Server start() {
      try {
        S3Server server = S3Server.start(Files.createTempDirectory("weir-s3"));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** One server for all tests of a JVM; tests keep apart by prefix. */
  public static S3Server shared() {
    return Holder.SHARED;
  }

  /** Starts a server that keeps its files in a directory; returns when it listens. */
  public static S3Server start(Path directory) throws IOException {
    Path jar = Path.of(System.getProperty("weir.root", ".."), "metering/target/s3/s3proxy.jar");
    if (!Files.exists(jar)) {
      throw new IOException(jar + " is missing; the build of metering puts it there");
    }
    Path objects = Files.createDirectories(directory.resolve("objects"));
    Files.createDirectories(objects.resolve(BUCKET));
    Path settings = directory.resolve("s3proxy.properties");
    Files.writeString(
        settings, """
        s3proxy.endpoint=http://127.0.0.1:0
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """.formatted(CREDENTIALS.accessKey(), CREDENTIALS.secretKey(), objects));
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-jar",
            jar.toString(),
            "--properties",
            settings.toString())
        .redirectErrorStream(true)
        .start();
    return new S3Server(process, objects, awaitPort(process));
  }

  private static int awaitPort(Process process) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        drain(output);
        return Integer.parseInt(listens.group(1));
      }
    }
    throw new IOException("the S3 server ended:\n" + seen);
  }

  /** A process whose output nobody reads comes to a halt. */
  private static void drain(BufferedReader output) {
    Thread reader = new Thread(
        () -> {
          try {
            while (output.readLine() != null) {}
          } catch (IOException e) {
            // The process ended.
          }
        },
        "s3-output");
    reader.setDaemon(true);
    reader.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Options to reach the bucket with a prefix, with the smallest parts that S3 allows. */
  public S3Options options(String prefix) {
    return new S3Options(
        Optional.of(endpoint()),
        "us-east-1",
        BUCKET,
        prefix,
        true,
        Optional.of(CREDENTIALS),
        5 << 20);
  }

  /** Where the server keeps the bytes of an object. */
  public Path file(String key) {
    return objects.resolve(BUCKET).resolve(key);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
