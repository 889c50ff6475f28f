package dev.weir.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.weir.gateway.config.LogFormat;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Log lines go to standard error; standard output belongs to the ready line. */
final class Logs {

  private static final String TEXT = "%d{HH:mm:ss.SSS} %-5level %logger{24} - %msg%n";

  /** Libraries that say more at INFO than an operator wants. */
  private static final List<String> QUIET =
      List.of("net.openhft", "io.netty", "io.vertx", "org.flywaydb", "io.zonky", "com.password4j");

  /** Warns when two event loops meet their first request at once, though both count in the same gauge. */
  private static final String GAUGES = "io.micrometer.core.instrument.MeterRegistry";

  private Logs() {}

  static void configure(LogFormat format) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(format, context));
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.INFO);
    QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    context.getLogger(GAUGES).setLevel(Level.ERROR);
  }

  private static EncoderBase<ILoggingEvent> encoder(LogFormat format, LoggerContext context) {
    EncoderBase<ILoggingEvent> encoder = switch (format) {
      case TEXT -> {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setPattern(TEXT);
        yield text;
      }
      case JSON -> {
        JsonEncoder json = new JsonEncoder();
        json.setWithFormattedMessage(true);
        json.setWithMessage(false);
        json.setWithArguments(false);
        json.setWithContext(false);
        json.setWithSequenceNumber(false);
        json.setWithNanoseconds(false);
        yield json;
      }
    };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
