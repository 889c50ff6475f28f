package dev.weir.benchmarks.killbill;

import dev.weir.benchmarks.server.BenchDatabase;
import dev.weir.benchmarks.server.FreePort;
import dev.weir.benchmarks.server.Jvm;
import dev.weir.benchmarks.server.ServerCommand;
import dev.weir.benchmarks.server.ServerProcess;
import dev.weir.benchmarks.server.Target;
import dev.weir.gateway.postgres.DatabaseLogin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kill Bill in a process of its own, and its database. */
final class KillBillServer implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  /** It reaches into these of a JVM that is newer than it. */
  private static final List<String> OPENED = List.of(
      "java.io",
      "java.lang",
      "java.lang.reflect",
      "java.net",
      "java.security",
      "java.util",
      "sun.net.www.protocol.file",
      "sun.net.www.protocol.ftp",
      "sun.net.www.protocol.http",
      "sun.net.www.protocol.https",
      "sun.net.www.protocol.jar");

  private static final String LOGGING = """
      <configuration>
        <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="console"/></root>
      </configuration>
      """;

  private final BenchDatabase database;
  private final ServerProcess process;
  private final Target target;

  private KillBillServer(BenchDatabase database, ServerProcess process, Target target) {
    this.database = database;
    this.process = process;
    this.target = target;
  }

  /**
   * Starts both and waits until Kill Bill answers: about 15 s.
   *
   * @param files the war and the server that runs it
   * @param directory empty; goes when it is closed
   * @param reports where its threads are written if it does not stop
   */
  static KillBillServer start(Jvm jvm, Path files, Path directory, Path reports)
      throws IOException, SQLException, InterruptedException {
    Path war = files.resolve("killbill-profiles-killbill.war");
    BenchDatabase database = BenchDatabase.start(directory);
    try {
      DatabaseLogin login = database.server().superuserLogin();
      String databaseUrl = KillBillSchema.create(login, war);
      Path settings = Files.writeString(
          directory.resolve("killbill.properties"), settings(login, databaseUrl, directory));
      Path logging = Files.writeString(directory.resolve("logback.xml"), LOGGING);
      int port = FreePort.find();
      List<String> words = words(jvm, directory, settings, logging);
      words.addAll(List.of("-jar", files.resolve("jetty-runner.jar").toString()));
      words.addAll(List.of("--host", HOST, "--port", Integer.toString(port), war.toString()));
      URI url = URI.create("http://" + HOST + ":" + port);
      KillBillClient client = new KillBillClient(url);
      ServerProcess process = ServerProcess.answering(
          new ServerCommand("killbill", words, Map.of(), directory, reports), client::answers);
      return new KillBillServer(
          database, process, Target.started(url, jvm.text(), process, directory));
    } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static List<String> words(Jvm jvm, Path directory, Path settings, Path logging) {
    List<String> words = new ArrayList<>(jvm.program());
    OPENED.forEach(name -> words.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    words.add("-Djava.security.egd=file:/dev/./urandom");
    words.add("-Djava.io.tmpdir=" + directory);
    words.add("-Dlogback.configurationFile=" + logging);
    words.add("-Dorg.killbill.server.properties=" + settings.toUri());
    return words;
  }

  /** Iterations are of the tenant's secret, which each request would be charged with. */
  private static String settings(DatabaseLogin login, String databaseUrl, Path directory) {
    return """
        org.killbill.dao.url=%1$s
        org.killbill.dao.user=%2$s
        org.killbill.dao.password=%3$s
        org.killbill.billing.osgi.dao.url=%1$s
        org.killbill.billing.osgi.dao.user=%2$s
        org.killbill.billing.osgi.dao.password=%3$s
        org.killbill.osgi.bundle.install.dir=%4$s
        org.killbill.server.multitenant=true
        org.killbill.server.updateCheck.skip=true
        org.killbill.security.shiroNbHashIterations=1
        org.killbill.catalog.uri=SpyCarAdvanced.xml
        """.formatted(databaseUrl, login.user(), login.password(), directory.resolve("bundles"));
  }

  Target target() {
    return target;
  }

  @Override
  public void close() {
    process.close();
    database.close();
    target.close();
  }
}
