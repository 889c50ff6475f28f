package dev.weir.metering.simulation.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A path without dots and links. */
final class SimulatedPath implements Path {

  private final SimulatedFileSystem system;
  private final boolean absolute;
  private final List<String> names;
  private final String text;

  SimulatedPath(SimulatedFileSystem system, boolean absolute, List<String> names) {
    this.system = system;
    this.absolute = absolute;
    this.names = List.copyOf(names);
    this.text = (absolute ? "/" : "") + String.join("/", names);
  }

  static SimulatedPath parse(SimulatedFileSystem system, String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return new SimulatedPath(system, text.startsWith("/"), names);
  }

  private SimulatedPath with(boolean isAbsolute, List<String> others) {
    return new SimulatedPath(system, isAbsolute, others);
  }

  @Override
  public FileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public Path getRoot() {
    return absolute ? with(true, List.of()) : null;
  }

  @Override
  public Path getFileName() {
    return names.isEmpty() ? null : with(false, names.subList(names.size() - 1, names.size()));
  }

  @Override
  public Path getParent() {
    boolean none = names.isEmpty() || (names.size() == 1 && !absolute);
    return none ? null : with(absolute, names.subList(0, names.size() - 1));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return with(false, names.subList(index, index + 1));
  }

  @Override
  public Path subpath(int from, int to) {
    return with(false, names.subList(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    SimulatedPath path = (SimulatedPath) other;
    return absolute == path.absolute
        && names.size() >= path.names.size()
        && names.subList(0, path.names.size()).equals(path.names);
  }

  @Override
  public boolean endsWith(Path other) {
    List<String> end = ((SimulatedPath) other).names;
    return names.size() >= end.size()
        && names.subList(names.size() - end.size(), names.size()).equals(end);
  }

  @Override
  public Path normalize() {
    return this;
  }

  @Override
  public Path resolve(Path other) {
    SimulatedPath path = (SimulatedPath) other;
    if (path.absolute) {
      return path;
    }
    List<String> joined = new ArrayList<>(names);
    joined.addAll(path.names);
    return with(absolute, joined);
  }

  @Override
  public Path relativize(Path other) {
    SimulatedPath path = (SimulatedPath) other;
    if (!path.startsWith(this)) {
      throw new IllegalArgumentException(path + " is not under " + this);
    }
    return with(false, path.names.subList(names.size(), path.names.size()));
  }

  @Override
  public URI toUri() {
    return URI.create("simulated://" + text);
  }

  @Override
  public Path toAbsolutePath() {
    return absolute ? this : with(true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return text.compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SimulatedPath path && text.equals(path.text) && system == path.system;
  }

  @Override
  public int hashCode() {
    return Objects.hash(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
