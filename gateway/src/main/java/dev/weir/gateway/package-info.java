/**
 * The one process. Wires the modules together, starts them in order and stops them in reverse; holds
 * the command line and nothing of the business.
 *
 * <p>Invariants: a step that needs another starts after it and stops before it; a stop finishes the
 * requests that are being answered, and what was acknowledged is on stable storage; a stop ends within a
 * set time in every state, as each part bounds what it waits for, and a watchdog ends the process if one
 * does not (exit code 3), which loses no more than a crash would: nothing that was acknowledged; a reason
 * that the operator can act on is one line on standard error and an exit code (2 for settings, 1 for
 * anything else), never a stack trace. The one line on standard output is the ready line.
 */
@NullMarked
package dev.weir.gateway;

import org.jspecify.annotations.NullMarked;
