/**
 * Files of real usage as a workload of the demo.
 *
 * <p>Owns: the customers, meters and plan that a file's columns give, and the sums of the columns.
 *
 * <p>Invariants: a file is read twice, once to add up and once to send, and never held; subjects,
 * months and, where ids come from the file, ids are bounded; with ids from the file the first row with
 * an id counts.
 *
 * <p>Times: a row's time decides its month, in UTC.
 */
@NullMarked
package dev.weir.gateway.demo.files;

import org.jspecify.annotations.NullMarked;
