package dev.weir.gateway.postgres;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and how to sign in, for both drivers.
 *
 * @param rootCertificate PEM file to trust; null trusts what the JVM trusts
 */
public record DatabaseLogin(
    String host,
    int port,
    String database,
    String user,
    String password,
    SslMode sslMode,
    @Nullable Path rootCertificate) {

  /** For the reactive client. */
  public PgConnectOptions connectOptions() {
    PgConnectOptions options = new PgConnectOptions()
        .setHost(host)
        .setPort(port)
        .setDatabase(database)
        .setUser(user)
        .setPassword(password)
        .setSslMode(sslMode);
    return sslMode == SslMode.DISABLE ? options : options.setSslOptions(sslOptions());
  }

  private ClientSSLOptions sslOptions() {
    ClientSSLOptions ssl = new ClientSSLOptions();
    Path certificate = rootCertificate;
    if (certificate != null) {
      ssl.setTrustOptions(new PemTrustOptions().addCertPath(certificate.toString()));
    } else if (!verifies()) {
      ssl.setTrustAll(true);
    }
    ssl.setHostnameVerificationAlgorithm(sslMode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    return ssl;
  }

  /** For JDBC, without the credentials. */
  public String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s".formatted(bracketed(host), port, database);
  }

  /** For JDBC: credentials and encryption. */
  public Properties jdbcProperties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", sslMode.value);
    properties.setProperty("connectTimeout", "10");
    Optional.ofNullable(rootCertificate)
        .ifPresentOrElse(
            certificate -> properties.setProperty("sslrootcert", certificate.toString()), () -> {
              if (verifies()) {
                properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
              }
            });
    return properties;
  }

  private boolean verifies() {
    return sslMode == SslMode.VERIFY_CA || sslMode == SslMode.VERIFY_FULL;
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** Without the password, for messages. */
  @Override
  public String toString() {
    return "%s@%s:%d/%s".formatted(user, host, port, database);
  }
}
