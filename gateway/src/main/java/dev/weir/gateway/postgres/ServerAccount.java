package dev.weir.gateway.postgres;

import dev.weir.gateway.config.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who PostgreSQL runs as. It refuses to run as root, so root runs it in a user namespace where root is
 * nobody (the files stay root's) or, where namespaces are forbidden, as the user {@code nobody}.
 *
 * @param prefix words put before every command
 * @param uid owner that the server's files need, or -1 for the one they are made with
 */
record ServerAccount(List<String> prefix, int uid) {

  private static final int NOBODY = 65_534;

  static final ServerAccount OURSELVES = new ServerAccount(List.of(), -1);
  static final ServerAccount IN_NAMESPACE = new ServerAccount(List.of("unshare", "-U"), -1);
  static final ServerAccount AS_NOBODY = new ServerAccount(
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), NOBODY);

  /** Chooses for the user who owns new files below the directory. */
  static ServerAccount choose(Path directory, Programs programs) throws IOException {
    if (!isRoot(directory)) {
      // PostgreSQL asks for the user's name; a bare number, as in some containers, has none.
      boolean nameless = !programs.succeeds(OURSELVES.command("id", "-un"));
      return nameless && programs.succeeds(IN_NAMESPACE.command("true")) ? IN_NAMESPACE : OURSELVES;
    }
    if (programs.succeeds(IN_NAMESPACE.command("true"))) {
      return IN_NAMESPACE;
    }
    if (programs.succeeds(AS_NOBODY.command("true"))) {
      return AS_NOBODY;
    }
    throw StartFailure.surroundings(
        "PostgreSQL does not run as root, and neither 'unshare' nor 'setpriv' (util-linux) works here;"
            + " start Weir as another user or set WEIR_DATABASE_URL.");
  }

  List<String> command(String... words) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(words));
    return command;
  }

  /** Makes a directory that only the server may enter. */
  void makeDirectory(Path directory) throws IOException {
    Files.createDirectory(directory);
    if (uid >= 0) {
      Path parent = directory.getParent();
      if (parent != null) {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
      }
    }
    own(directory);
    if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Gives a file to the account, where that is not the one that makes our files. */
  void own(Path file) throws IOException {
    if (uid >= 0) {
      Files.setAttribute(file, "unix:uid", uid);
      Files.setAttribute(file, "unix:gid", uid);
    }
  }

  private static boolean isRoot(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return false;
    }
    Path probe = Files.createTempFile(directory, "owner-", ".tmp");
    try {
      Map<String, Object> attributes = Files.readAttributes(probe, "unix:uid");
      return Integer.valueOf(0).equals(attributes.get("uid"));
    } finally {
      Files.delete(probe);
    }
  }
}
