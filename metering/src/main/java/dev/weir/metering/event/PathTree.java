package dev.weir.metering.event;

import dev.weir.metering.meter.JsonPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** The names as they stand in a document, beside the nodes they lead to. */
    private byte[][] utf8Names = new byte[0][];

    private Node[] utf8Nodes = new Node[0];

    @Nullable
    Node name(String name) {
      return names.get(name);
    }

    /** The same by the bytes of a name that is written without escapes. */
    @Nullable
    Node name(byte[] bytes, int from, int length) {
      for (int i = 0; i < utf8Names.length; i++) {
        byte[] name = utf8Names[i];
        if (Arrays.equals(name, 0, name.length, bytes, from, from + length)) {
          return utf8Nodes[i];
        }
      }
      return null;
    }

    private Node child(String name) {
      Node known = names.get(name);
      if (known != null) {
        return known;
      }
      Node child = new Node();
      names.put(name, child);
      // A name with half a surrogate pair can be written with escapes only.
      if (StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
        utf8Names = Arrays.copyOf(utf8Names, utf8Names.length + 1);
        utf8Names[utf8Names.length - 1] = name.getBytes(StandardCharsets.UTF_8);
        utf8Nodes = Arrays.copyOf(utf8Nodes, utf8Nodes.length + 1);
        utf8Nodes[utf8Nodes.length - 1] = child;
      }
      return child;
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
          : node.child((String) step);
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
