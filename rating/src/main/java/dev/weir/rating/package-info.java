@NullMarked
package dev.weir.rating;

import org.jspecify.annotations.NullMarked;
