/**
 * The REST surface: one {@code XxxRoutes} class per resource, each turning a request into a call of
 * the domain and its answer into the wire shape. Holds no rules and knows nothing of sockets or of how
 * a caller proved who they are: {@link dev.weir.api.http.Caller} is already there when a route runs.
 */
@NullMarked
package dev.weir.api;

import org.jspecify.annotations.NullMarked;
