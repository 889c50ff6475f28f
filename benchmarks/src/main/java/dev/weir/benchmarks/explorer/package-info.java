/**
 * The event explorer over a large journal: writes months of events straight into a journal, has them
 * indexed, and times what people look for, with and without the help of the page cache.
 */
@NullMarked
package dev.weir.benchmarks.explorer;

import org.jspecify.annotations.NullMarked;
