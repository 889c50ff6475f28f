/**
 * The figures that are published: {@code weir bench all} runs every entry of a {@link Campaign} and keeps
 * each report as JSON under {@code benchmarks/results}; {@code weir bench results} puts tables of these
 * into {@code benchmarks/RESULTS.md}, and leaves every word around them as it is.
 *
 * <p>A figure is the median of five runs: of runs that the benchmark makes itself, or, cell by cell, of
 * reports of the same benchmark. What takes an hour is run once; the page says what that is. Which machine, commit and flags a table comes from stands below it; nothing is carried over from
 * one report to another.
 */
@NullMarked
package dev.weir.benchmarks.results;

import org.jspecify.annotations.NullMarked;
