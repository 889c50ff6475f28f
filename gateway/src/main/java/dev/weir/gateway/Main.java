package dev.weir.gateway;

import dev.weir.gateway.backfill.BackfillArguments;
import dev.weir.gateway.backfill.BackfillCommand;
import dev.weir.gateway.config.ConfigReader;
import dev.weir.gateway.config.LogFormat;
import dev.weir.gateway.config.Settings;
import dev.weir.gateway.config.StartFailure;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.gateway.demo.DemoCommand;
import dev.weir.gateway.demo.DemoOptions;
import dev.weir.gateway.imports.ImportCommand;
import dev.weir.gateway.imports.ImportOptions;
import dev.weir.gateway.journal.JournalCommand;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** The command line. */
public final class Main {

  /** Exit code when a stop took too long and was cut off, or failed; nothing acknowledged is lost. */
  static final int STOP_CUT_OFF = 3;

  private final PrintStream out;
  private final PrintStream err;
  private final InstantSource clock;
  private final AtomicInteger exitCode = new AtomicInteger();
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Main(PrintStream out, PrintStream err, InstantSource clock) {
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  /** Runs one command; ends the process with its exit code. */
  public static void main(String[] words) {
    run(words, InstantSource.system());
  }

  /** The same under another clock. */
  public static void run(String[] words, InstantSource clock) {
    System.exit(new Main(System.out, System.err, clock).run(List.of(words)));
  }

  private int run(List<String> words) {
    try {
      if (!words.isEmpty() && words.get(0).equals("import")) {
        return importing(words.subList(1, words.size()));
      }
      if (!words.isEmpty() && words.get(0).equals("backfill")) {
        return backfilling(words.subList(1, words.size()));
      }
      CommandLine line = CommandLine.parse(words);
      return switch (line.command()) {
        case "up" -> up(line);
        case "demo" -> demo(line);
        case "journal" -> new JournalCommand(config(line), out, clock).run(line.rest());
        case "help", "--help", "-h" -> print(Help.text().stripTrailing());
        case "version", "--version" ->
          print("weir %s, Java %s".formatted(Version.text(), Runtime.version()));
        default ->
          throw StartFailure.settings(List.of(
              "there is no command '%s'; 'weir help' lists them.".formatted(line.command())));
      };
    } catch (StartFailure failure) {
      return fail(failure);
    } catch (RuntimeException | Error bug) {
      return ended(
          StartFailure.SURROUNDINGS,
          () -> LoggerFactory.getLogger(Main.class).error("Weir cannot go on", bug));
    }
  }

  private int up(CommandLine line) {
    line.requireNoRest();
    Weir weir = started(line);
    out.println("weir ready " + weir.url());
    out.flush();
    return untilStopped();
  }

  /** Serves from a directory of its own and acts as its client; then serves on, unless told not to. */
  private int demo(CommandLine line) {
    DemoOptions options = parsed(line.rest());
    CommandLine own =
        line.withDefault(Settings.DATA_DIR, home().resolve("demo-data").toString());
    DemoDirectory.prepare(config(own).dataDirectory());
    Weir weir = started(own);
    Demo.addAccount(weir.identity());
    int result = new DemoCommand(options, URI.create(weir.url()), out, clock).run();
    ended(result, () -> {});
    return options.exit() ? result : untilStopped();
  }

  /** Acts as a client of a server that runs elsewhere; a signal ends it in an orderly way. */
  private int importing(List<String> words) {
    try {
      ImportOptions options = ImportOptions.parse(words, System.getenv());
      Logs.configure(LogFormat.TEXT);
      ImportCommand command =
          new ImportCommand(options, System.in, out, err, InstantSource.system());
      Runtime.getRuntime().addShutdownHook(new Thread(command::interrupt, "weir-import-stop"));
      return command.run();
    } catch (CommandFailure failure) {
      err.println("weir: " + failure.text());
      return ImportCommand.FAILED;
    }
  }

  /** Acts as a client too; a signal ends the watching only. */
  private int backfilling(List<String> words) {
    try {
      BackfillCommand command = new BackfillCommand(
          BackfillArguments.parse(words, System.getenv()), out, InstantSource.system());
      Runtime.getRuntime().addShutdownHook(new Thread(command::interrupt, "weir-backfill-stop"));
      return command.run();
    } catch (CommandFailure failure) {
      err.println("weir: " + failure.text());
      return BackfillCommand.FAILED;
    }
  }

  private static DemoOptions parsed(List<String> words) {
    try {
      return DemoOptions.parse(words);
    } catch (CommandFailure failure) {
      throw StartFailure.settings(List.of(String.valueOf(failure.getMessage())));
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("weir.home", ""));
  }

  private static WeirConfig config(CommandLine line) {
    return ConfigReader.read(
        System.getenv(),
        line.settings(),
        line.config(),
        home(),
        Runtime.getRuntime().availableProcessors());
  }

  /** Reads the settings and starts; from here on a signal drains and ends the process with 0. */
  private Weir started(CommandLine line) {
    WeirConfig config = config(line);
    Logs.configure(config.logFormat());
    Weir weir = new Weir(config, err, clock);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(weir, config.stopPatience()), "weir-stop"));
    weir.start();
    return weir;
  }

  /** Stops and ends the process; without the halt the JVM would report the signal, 143 or 130. */
  private void stop(Weir weir, Duration patience) {
    Runtime runtime = Runtime.getRuntime();
    stopping.set(true);
    boolean inOrder = false;
    try {
      StopWatchdog watchdog =
          StopWatchdog.start(patience, ThreadDump::text, () -> runtime.halt(STOP_CUT_OFF));
      inOrder = weir.stop();
      watchdog.leaveOff();
    } catch (InterruptedException | RuntimeException | Error bug) {
      inOrder = false;
      LoggerFactory.getLogger(Main.class).error("Weir cannot stop in order", bug);
    } finally {
      int code = exitCode.get();
      runtime.halt(code == 0 && !inOrder ? STOP_CUT_OFF : code);
    }
  }

  /** What fails because everything stops is no reason of its own. */
  private int ended(int code, Runnable tell) {
    if (!stopping.get()) {
      tell.run();
      exitCode.set(code);
    }
    return code;
  }

  private static int untilStopped() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private int print(String text) {
    out.println(text);
    return 0;
  }

  private int fail(StartFailure failure) {
    return ended(
        failure.exitCode(),
        () -> failure.lines().forEach(problem -> err.println("weir: " + problem)));
  }
}
