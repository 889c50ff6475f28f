/**
 * {@code weir backfill}: has a running server count a meter's past from its journal, and shows how far it
 * is. A client like any other; the work is the server's, and goes on without it.
 */
@NullMarked
package dev.weir.gateway.backfill;

import org.jspecify.annotations.NullMarked;
