/**
 * The journal's files as an operator meets them: their settings, figures, and the commands {@code weir
 * journal check, ls, archive} and {@code restore}.
 *
 * <p>Invariants: the commands need no running Weir and disturb none; check and ls change nothing; every
 * problem is one line that names its place, and the exit code is 0 only when there is none.
 */
@NullMarked
package dev.weir.gateway.journal;

import org.jspecify.annotations.NullMarked;
