/**
 * What an import leaves beside the file it reads, so that it can be cut off anywhere and go on.
 *
 * <p>Owns the state, how far everything is acknowledged and of which job; the rows that were not taken; and the
 * decision whether an import goes on, begins again or is refused, since something else was begun under the
 * same name.
 *
 * <p>Invariants: the state lags behind what is acknowledged, never ahead; it is replaced atomically, after the
 * rows it counts as not taken are on disk, and what the file of those has beyond its count is cut off; one
 * import at a time has them; ids that were made stay the same when a file is sent again, though its content
 * changed; a key is kept as half a hash, never itself.
 *
 * <p>No times are kept.
 */
@NullMarked
package dev.weir.gateway.imports.resume;

import org.jspecify.annotations.NullMarked;
