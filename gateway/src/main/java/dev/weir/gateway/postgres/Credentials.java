package dev.weir.gateway.postgres;

import dev.weir.gateway.data.PrivateFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Properties;
import java.util.random.RandomGenerator;

/** The embedded server's random passwords, kept in {@code DIR/postgres-credentials}. */
record Credentials(String superuserPassword, String ownerPassword) {

  private static final int PASSWORD_BYTES = 24;

  static Path file(Path directory) {
    return directory.resolve("postgres-credentials");
  }

  static Credentials readOrCreate(Path directory, RandomGenerator random) {
    Path file = file(directory);
    String text = PrivateFile.readOrCreate(
        file,
        () -> "superuser.password=%s%nowner.password=%s%n"
            .formatted(password(random), password(random)));
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Credentials(
        required(properties, "superuser.password", file),
        required(properties, "owner.password", file));
  }

  private static String required(Properties properties, String name, Path file) {
    String value = properties.getProperty(name, "");
    if (!value.matches("[0-9a-f]{16,128}")) {
      throw new IllegalStateException(file + " holds no usable " + name);
    }
    return value;
  }

  private static String password(RandomGenerator random) {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "Credentials";
  }
}
