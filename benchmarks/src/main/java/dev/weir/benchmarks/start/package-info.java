/**
 * How long Weir takes from the command to the first request it takes: on an empty directory, where it makes
 * its database, and on one that holds a journal. Each time is of a process of its own, stopped in order
 * before; files are in the system's cache, as they are after a restart of the service, not of the machine.
 */
@NullMarked
package dev.weir.benchmarks.start;

import org.jspecify.annotations.NullMarked;
