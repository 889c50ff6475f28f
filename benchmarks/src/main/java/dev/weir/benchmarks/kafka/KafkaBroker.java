package dev.weir.benchmarks.kafka;

import dev.weir.benchmarks.server.FreePort;
import dev.weir.benchmarks.server.Jvm;
import dev.weir.benchmarks.server.ServerCommand;
import dev.weir.benchmarks.server.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A broker with its controller in a process of its own, on an empty directory. */
final class KafkaBroker implements AutoCloseable {

  /** As in the contender's pom; a test holds them together. */
  static final String VERSION = "4.3.1";

  /** Of a topic, before the oldest segments go. */
  static final long KEPT_BYTES = 4L << 30;

  private static final String HOST = "127.0.0.1";
  private static final long FORMAT_SECONDS_MAX = 60;
  private static final long ANSWER_SECONDS_MAX = 30;

  private final ServerProcess process;
  private final String address;
  private final Admin admin;

  private KafkaBroker(ServerProcess process, String address, Admin admin) {
    this.process = process;
    this.address = address;
    this.admin = admin;
  }

  /**
   * Starts it and waits until it answers: about 5 s.
   *
   * @param jars its class path
   * @param reports where its threads are written if it does not stop
   */
  static KafkaBroker start(Jvm jvm, Path jars, Path directory, Path reports)
      throws IOException, InterruptedException {
    int port = FreePort.find();
    String address = HOST + ":" + port;
    Path settings = Files.writeString(
        directory.resolve("broker.properties"), settings(directory, address, FreePort.find()));
    format(words(jvm, jars, "kafka.tools.StorageTool"), settings);
    List<String> words = words(jvm, jars, "kafka.Kafka");
    words.add(settings.toString());
    ServerProcess process = ServerProcess.answering(
        new ServerCommand("kafka", words, Map.of(), directory, reports), () -> listens(port));
    KafkaBroker broker = new KafkaBroker(process, address, admin(process, address));
    try {
      Admin admin = broker.admin;
      result(admin.describeCluster().nodes());
      return broker;
    } catch (InterruptedException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  private static Admin admin(ServerProcess process, String address) {
    try {
      return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address));
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** The words that run a class of Kafka. */
  static List<String> words(Jvm jvm, Path jars, String mainClass) {
    List<String> words = new ArrayList<>(jvm.program());
    words.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    words.addAll(List.of("-cp", jars + "/*", mainClass));
    return words;
  }

  private static String settings(Path directory, String address, int controllerPort) {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@%1$s:%2$d
        listeners=PLAINTEXT://%3$s,CONTROLLER://%1$s:%2$d
        advertised.listeners=PLAINTEXT://%3$s
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
        log.dirs=%4$s
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        log.retention.check.interval.ms=2000
        log.segment.delete.delay.ms=500
        """.formatted(HOST, controllerPort, address, directory.resolve("log"));
  }

  private static void format(List<String> words, Path settings)
      throws IOException, InterruptedException {
    words.addAll(List.of(
        "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", settings.toString()));
    Path log = settings.resolveSibling("format.log");
    Process process = new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    if (!process.waitFor(FORMAT_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("formatting Kafka's directory takes too long");
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "Kafka's directory is not formatted: " + Files.readString(log));
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  ServerProcess process() {
    return process;
  }

  /** Host and port. */
  String address() {
    return address;
  }

  void create(String topic, KafkaSettings settings) throws InterruptedException {
    NewTopic created =
        new NewTopic(topic, settings.partitions(), (short) 1).configs(settings.topic());
    result(admin.createTopics(List.of(created)).all());
  }

  /** Records that were appended to a topic so far, retained or not. */
  long appended(String topic, int partitions) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, partitions)
        .boxed()
        .collect(Collectors.toMap(
            number -> new TopicPartition(topic, number), number -> OffsetSpec.latest()));
    return result(admin.listOffsets(asked).all()).values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }

  private static <T> T result(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka does not do as asked: " + e, e);
    }
  }

  @Override
  public void close() {
    admin.close();
    process.close();
  }
}
