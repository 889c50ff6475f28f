/**
 * Is Weir well? Liveness, readiness and the state of every part, for people and for orchestrators.
 *
 * <p>Invariants: a check that does not answer in time counts as down; asking often costs no more than
 * one round of checks a second; a part that Weir can work without for a while, such as PostgreSQL,
 * makes it degraded but leaves it ready, because ingest goes on.
 */
@NullMarked
package dev.weir.gateway.health;

import org.jspecify.annotations.NullMarked;
