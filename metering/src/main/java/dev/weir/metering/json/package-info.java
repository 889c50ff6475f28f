/** Reading and writing JSON documents: one mapper, and field access that refuses with coded errors. */
@NullMarked
package dev.weir.metering.json;

import org.jspecify.annotations.NullMarked;
