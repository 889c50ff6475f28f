/**
 * The data directory: who may use it and the small secret files in it.
 *
 * <p>Invariants: one living process uses a directory, proven by an operating system lock that ends
 * with the process however it ends; files made here are readable by their owner only and are either
 * whole or absent, also after a crash.
 */
@NullMarked
package dev.weir.gateway.data;

import org.jspecify.annotations.NullMarked;
