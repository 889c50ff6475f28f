/**
 * What the commands that act for a user share: how their words are read, how they fail,
 * and what kind of place they print to.
 *
 * <p>Owns: {@link dev.weir.gateway.terminal.CommandFailure}, the one way in which such a command says
 * that it cannot go on.
 *
 * <p>Invariants: a failure's message says what is wrong and what to do, and never holds a secret; a
 * line is redrawn only where that can be seen.
 *
 * <p>Times: none.
 */
@NullMarked
package dev.weir.gateway.terminal;

import org.jspecify.annotations.NullMarked;
