/**
 * The habits of the wire, which every resource keeps: caller, envelope, problems, paging, and how query
 * parameters and zones are read.
 *
 * <p>Invariants: an error is a problem with a code, made of a refusal in one place; a list is bounded; a
 * parameter that is read here is refused with its name and the fix.
 *
 * <p>Times have an offset, and lie from 1970 to 9999.
 */
@NullMarked
package dev.weir.api.http;

import org.jspecify.annotations.NullMarked;
