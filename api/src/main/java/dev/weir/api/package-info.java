/**
 * The REST surface: one {@code XxxRoutes} class per resource, each turning a request into a call of
 * the domain and its answer into the wire shape. Holds no rules and knows nothing of sockets or of how
 * a caller proved who they are: {@link dev.weir.api.http.Caller} is already there when a route runs.
 *
 * <p>A package is a word of the business, and stands on {@code http} and at most one other. Metering's
 * ({@code ingest}, {@code explorer}, {@code correction}, {@code meter}, {@code usage}) serve {@code /api/v1}
 * with plain bodies in the shapes of OpenMeter's v1 API, so that its clients work by changing the base URL;
 * billing's ({@code catalog}, {@code invoices}) and {@code auth} have an envelope. What the parameters of
 * each route mean is said at its class.
 */
@NullMarked
package dev.weir.api;

import org.jspecify.annotations.NullMarked;
