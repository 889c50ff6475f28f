package dev.weir.gateway.imports;

import dev.weir.gateway.imports.mapping.MappingRequest;
import dev.weir.gateway.imports.reading.ReadOptions;
import dev.weir.gateway.imports.resume.Again;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./weir import} was asked to do.
 *
 * @param files paths, or {@link #STANDARD_INPUT}; not empty unless help is wanted
 * @param key empty only if nothing is to be sent
 * @param idPrefix what made ids begin with, or null to make it of the content
 * @param stateDirectory null is beside each file
 */
public record ImportOptions(
    List<String> files,
    URI url,
    String key,
    ReadOptions read,
    MappingRequest mapping,
    Sending sending,
    Again again,
    @Nullable String idPrefix,
    @Nullable Path stateDirectory,
    boolean dryRun,
    boolean help) {

  static final String STANDARD_INPUT = "-";

  public ImportOptions {
    files = List.copyOf(files);
  }

  /**
   * How events are sent.
   *
   * @param batchRows rows in a request
   * @param connections requests under way at the same time
   * @param refusedMax rows that may be rejected, or conflict, before the import stops
   */
  record Sending(int batchRows, int connections, boolean gzip, long refusedMax) {}

  /**
   * Reads the words after {@code import}.
   *
   * @throws dev.weir.gateway.terminal.CommandFailure naming the option at fault and the fix
   */
  public static ImportOptions parse(List<String> words, Map<String, String> environment) {
    return new ImportArguments(words, environment).parse();
  }

  /** Everything but the key. */
  @Override
  public String toString() {
    return "import %s into %s".formatted(files, url);
  }
}
