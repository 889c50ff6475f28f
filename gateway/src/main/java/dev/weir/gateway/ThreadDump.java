package dev.weir.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What every thread is doing, as text of a bounded length. */
final class ThreadDump {

  private static final int THREADS_MAX = 200;
  private static final int FRAMES_MAX = 12;

  private ThreadDump() {}

  /** All threads of this process by name, each with its state and the top of its stack. */
  static String text() {
    return text(Thread.getAllStackTraces());
  }

  static String text(Map<Thread, StackTraceElement[]> threads) {
    List<Thread> shown = threads.keySet().stream()
        .sorted(Comparator.comparing(Thread::getName))
        .limit(THREADS_MAX)
        .toList();
    String text = shown.stream()
        .map(thread -> text(thread, threads.getOrDefault(thread, new StackTraceElement[0])))
        .collect(Collectors.joining("\n"));
    int hidden = threads.size() - shown.size();
    return hidden == 0 ? text : text + "\nand " + hidden + " threads more";
  }

  private static String text(Thread thread, StackTraceElement[] stack) {
    StringBuilder text = new StringBuilder("\"%s\"%s %s"
        .formatted(thread.getName(), thread.isDaemon() ? " daemon" : "", thread.getState()));
    for (int i = 0; i < Math.min(FRAMES_MAX, stack.length); i++) {
      text.append("\n    ").append(stack[i]);
    }
    if (stack.length > FRAMES_MAX) {
      text.append("\n    and ").append(stack.length - FRAMES_MAX).append(" frames more");
    }
    return text.toString();
  }
}
