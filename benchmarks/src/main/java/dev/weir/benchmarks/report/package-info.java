/**
 * Reports: sections of text, figures and percentile plots, with the machine they come from, as text
 * (which is Markdown) and as one HTML file that needs no other.
 *
 * <p>A figure that was measured more than once is shown as the median with the least and the greatest.
 * Latencies are microseconds in histograms and milliseconds where they are shown.
 */
@NullMarked
package dev.weir.benchmarks.report;

import org.jspecify.annotations.NullMarked;
