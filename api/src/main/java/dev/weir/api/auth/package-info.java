/**
 * Signing in and API keys, as the wire shows them.
 *
 * <p>Owns the shapes of {@code /api/auth/…} and the codes of refusals around credentials. How a
 * password is checked or a token signed is the gateway's business, behind {@link
 * dev.weir.api.auth.Accounts}.
 *
 * <p>Invariants: a key's secret and a refresh token are shown once, in the answer that creates them,
 * and never again; a refused sign-in never tells whether the address is known.
 *
 * <p>Times: {@code createdAt} of a key is when it was made; {@code expiresIn} counts seconds from the
 * answer to the end of the access token.
 */
@NullMarked
package dev.weir.api.auth;

import org.jspecify.annotations.NullMarked;
