package dev.weir.metering.simulation.disk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Which names lead to which files. A change of a name is durable when its directory is forced; until
 * then a power cut undoes the latest changes of each directory, any number of them.
 */
final class SimulatedNames {

  /** A directory; it has no content of its own. */
  private static final SimulatedFile DIRECTORY = new SimulatedFile();

  private final TreeMap<String, SimulatedFile> seen = new TreeMap<>();
  private final TreeMap<String, SimulatedFile> durable = new TreeMap<>();

  /** Changes that are not durable, by directory, oldest first. */
  private final Map<String, List<Change>> pending = new LinkedHashMap<>();

  /** A name that now leads to this file, or to nothing; and another that went with it. */
  private record Change(String name, SimulatedFile file, String gone) {
    void apply(Map<String, SimulatedFile> names) {
      if (gone != null) {
        names.remove(gone);
      }
      if (file != null) {
        names.put(name, file);
      }
    }
  }

  SimulatedNames() {
    seen.put("/", DIRECTORY);
    durable.put("/", DIRECTORY);
  }

  private static String parent(String name) {
    int slash = name.lastIndexOf('/');
    return slash <= 0 ? "/" : name.substring(0, slash);
  }

  private void change(Change change) {
    change.apply(seen);
    pending
        .computeIfAbsent(parent(change.name()), directory -> new ArrayList<>())
        .add(change);
  }

  void create(String name) {
    change(new Change(name, new SimulatedFile(), null));
  }

  void createDirectory(String name) {
    change(new Change(name, DIRECTORY, null));
  }

  void delete(String name) {
    change(new Change(name, null, name));
  }

  void rename(String from, String to) {
    if (!parent(from).equals(parent(to))) {
      throw new UnsupportedOperationException("from one directory to another");
    }
    change(new Change(to, seen.get(from), from));
  }

  void force(String directory) {
    List<Change> changes = pending.remove(directory);
    if (changes != null) {
      changes.forEach(change -> change.apply(durable));
    }
  }

  void cutPower(SplittableRandom random) {
    pending.forEach((directory, changes) ->
        changes.subList(0, random.nextInt(changes.size() + 1)).forEach(c -> c.apply(durable)));
    pending.clear();
    durable.keySet().removeIf(name -> !reachable(name));
    seen.clear();
    seen.putAll(durable);
  }

  private boolean reachable(String name) {
    return durable.containsKey(name) && (name.equals("/") || reachable(parent(name)));
  }

  boolean isDurable(String name) {
    return durable.get(name) == seen.get(name) && reachable(name);
  }

  boolean exists(String name) {
    return seen.containsKey(name);
  }

  boolean isDirectory(String name) {
    return seen.get(name) == DIRECTORY;
  }

  SimulatedFile file(String name) {
    SimulatedFile file = seen.get(name);
    if (file == null || file == DIRECTORY) {
      throw new IllegalArgumentException(name + " is no file");
    }
    return file;
  }

  List<String> entries(String directory) {
    String prefix = directory.equals("/") ? "/" : directory + "/";
    List<String> entries = new ArrayList<>();
    for (String name : seen.tailMap(prefix, false).keySet()) {
      if (!name.startsWith(prefix)) {
        break;
      }
      if (name.indexOf('/', prefix.length()) < 0) {
        entries.add(name.substring(prefix.length()));
      }
    }
    return entries;
  }

  /** In an order that is the same in every run. */
  Set<SimulatedFile> files() {
    Set<SimulatedFile> files = new LinkedHashSet<>(seen.values());
    files.addAll(durable.values());
    files.remove(DIRECTORY);
    return files;
  }
}
