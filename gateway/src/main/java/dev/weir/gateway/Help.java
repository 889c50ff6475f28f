package dev.weir.gateway;

import dev.weir.gateway.config.Setting;
import dev.weir.gateway.config.Settings;

/** The text of {@code weir help}. */
final class Help {

  private static final String USAGE = """
      Weir: usage metering, rating and invoicing in one process.

        weir up   [--data DIR] [--port N] [--config FILE]   start; prints one line when ready
        weir demo [--input FILE.csv …] [--events N] [--exit] [--data DIR] [--port N]
                                                            the whole main job on sample or real input
        weir import FILE… [--url URL] [--map PART=COLUMN …] send usage from CSV or NDJSON files;
                                                            all options: weir import --help
        weir backfill METER [--from TIME] [--url URL]       count a meter's past from the journal;
                                                            all options: weir backfill --help
        weir journal check [--archive] [--json] [--data DIR]
                                                            verify every byte; exit code 1 if any is wrong
        weir journal ls | archive | restore CYCLE … | restore --all   [--data DIR]
                                                            cycles and where they are; archive what is
                                                            sealed now; bring cycles back
        weir bench WHAT [OPTION …]                          measure Weir and what it is compared with;
                                                            all there is: weir bench help
        weir test                                           run every check and test
        weir version                                        version, commit and Java
        weir help                                           this text

      Settings, weakest first: default, line "key=value" in the file given with --config,
      environment variable, command line.

      """;

  private Help() {}

  static String text() {
    StringBuilder text = new StringBuilder(USAGE);
    for (Setting<?> setting : Settings.ALL) {
      text.append("  %s (%s)%n      %s%n      %s%s%n"
          .formatted(
              setting.key(),
              setting.variable(),
              setting.meaning(),
              setting.allowed(),
              setting.fallback().isEmpty() ? "" : "; default " + setting.fallback()));
    }
    return text.append("""

              WEIR_JAVA_HOME picks the JDK, WEIR_JAVA_OPTS adds flags of the JVM (default -Xms512m -Xmx1g).
            """).toString();
  }
}
