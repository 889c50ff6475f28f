@NullMarked
package dev.weir.invoicing;

import org.jspecify.annotations.NullMarked;
