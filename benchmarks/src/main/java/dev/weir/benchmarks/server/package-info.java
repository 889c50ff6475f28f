/**
 * The servers that are measured, each in a process of its own: started on a fresh directory, signed in
 * to, watched from outside, and deleted with everything they wrote. What a process used comes from the
 * operating system, what its heap holds from its metrics.
 */
@NullMarked
package dev.weir.benchmarks.server;

import org.jspecify.annotations.NullMarked;
