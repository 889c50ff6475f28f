package dev.weir.gateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which methods a path offers, read from the routes of a router that is complete. Asked only when a
 * request found no route: the router itself forgets that the path was known when handlers for every
 * path come after it. Immutable.
 */
final class AllowedMethods {

  /** A path's segments; one that begins with a colon stands for any text. */
  private record Offer(List<String> segments, Set<String> methods) {

    boolean matches(List<String> path) {
      if (path.size() != segments.size()) {
        return false;
      }
      for (int i = 0; i < path.size(); i++) {
        String segment = segments.get(i);
        if (segment.startsWith(":") ? path.get(i).isEmpty() : !segment.equals(path.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Offer> offers;

  AllowedMethods(Router router) {
    List<Offer> found = new ArrayList<>();
    for (Route route : router.getRoutes()) {
      Set<HttpMethod> methods = route.methods();
      String path = route.getPath();
      if (methods != null && !methods.isEmpty() && path != null && route.isExactPath()) {
        found.add(new Offer(
            segments(path), methods.stream().map(HttpMethod::name).collect(Collectors.toSet())));
      }
    }
    offers = List.copyOf(found);
  }

  /** The methods of a path in alphabetical order; empty when nothing is there. */
  Set<String> of(String path) {
    List<String> segments = segments(path);
    Set<String> methods = new TreeSet<>();
    offers.stream()
        .filter(offer -> offer.matches(segments))
        .forEach(offer -> methods.addAll(offer.methods()));
    return methods;
  }

  private static List<String> segments(String path) {
    String shown = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return Arrays.asList(shown.split("/", -1));
  }
}
