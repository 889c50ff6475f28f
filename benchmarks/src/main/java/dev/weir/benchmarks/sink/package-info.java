/**
 * The limit of HTTP: a bare server that reads the same bytes and answers as many as Weir does, and does
 * nothing else. What Weir loses against it is what events cost; what it loses against more is what HTTP
 * costs on this machine with this driver.
 */
@NullMarked
package dev.weir.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
