/** The habits of the wire: caller, envelope, problems, paging. */
@NullMarked
package dev.weir.api.http;

import org.jspecify.annotations.NullMarked;
