/**
 * The limits of the disk: appending frames to the journal without flushing them, and flushing bytes
 * that mean nothing. No acknowledgement that is worth its name can come faster than the latter.
 */
@NullMarked
package dev.weir.benchmarks.journal;

import org.jspecify.annotations.NullMarked;
