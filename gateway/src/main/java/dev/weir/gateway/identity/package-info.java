/**
 * Who may do what: tenants' status, users, sessions, API keys.
 *
 * <p>Invariants: passwords are kept as argon2id hashes, refresh tokens and key secrets as SHA-256;
 * none of the three can be read back. A sign-in costs the same and answers the same whether the
 * address is known or not. A refresh token works once; its second use ends the session. A credential
 * belongs to one tenant and never reaches another. Every request is checked against the session or
 * key as the database has it, at most 30 s old; what this process itself ends, ends at once. When the
 * database is away, a credential seen in the last hour goes on working, so that ingest does; one not
 * seen is answered "unavailable", never "invalid".
 *
 * <p>Times: {@code created_at} is when a record was made; {@code expires_at} of a session is when its
 * newest refresh token ends; {@code revoked_at} is when it was ended before that; {@code used_at} is
 * when a refresh token was exchanged.
 */
@NullMarked
package dev.weir.gateway.identity;

import org.jspecify.annotations.NullMarked;
