package dev.weir.metering.event;

import dev.weir.metering.meter.JsonPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Several paths merged into one tree, so that one walk over an event's data finds them all. Each
 * distinct path has a slot number. Immutable once built; safe to share between threads.
 */
public final class PathTree {

  /** A place in the tree; a step leads from one to the next. */
  static final class Node {
    private final Map<String, Node> names = new HashMap<>();
    private final Map<Integer, Node> indexes = new HashMap<>();
    private int slot = -1;

    @Nullable
    Node name(String name) {
      return names.get(name);
    }

    @Nullable
    Node index(int index) {
      return indexes.isEmpty() ? null : indexes.get(index);
    }

    /** The slot to fill at this place, or -1. */
    int slot() {
      return slot;
    }
  }

  private final Node root = new Node();
  private final List<JsonPath> paths = new ArrayList<>();
  private final Map<List<Object>, Integer> slots = new HashMap<>();

  /** Adds a path while the tree is built; the same path twice shares a slot. */
  public int add(JsonPath path) {
    Integer known = slots.get(path.steps());
    if (known != null) {
      return known;
    }
    Node node = root;
    for (Object step : path.steps()) {
      node = step instanceof Integer index
          ? node.indexes.computeIfAbsent(index, i -> new Node())
          : node.names.computeIfAbsent((String) step, name -> new Node());
    }
    node.slot = paths.size();
    slots.put(path.steps(), node.slot);
    paths.add(path);
    return node.slot;
  }

  public int size() {
    return paths.size();
  }

  public JsonPath path(int slot) {
    return paths.get(slot);
  }

  Node root() {
    return root;
  }
}
