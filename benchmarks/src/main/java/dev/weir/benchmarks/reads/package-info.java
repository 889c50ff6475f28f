/**
 * What is asked of Weir while it serves: usage queries, running bills and price previews, over usage
 * that was sent before. An answer counts only if it has the value that the same question had before the
 * load.
 */
@NullMarked
package dev.weir.benchmarks.reads;

import org.jspecify.annotations.NullMarked;
