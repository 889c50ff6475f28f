/**
 * Programs of others that Weir is compared with. Each has a pom below {@code contenders}, with pinned
 * versions; Maven fetches them when they are first asked for, from its local repository if they are there.
 * So they cost nothing to whoever only builds Weir, and never meet Weir's class path.
 */
@NullMarked
package dev.weir.benchmarks.fetch;

import org.jspecify.annotations.NullMarked;
