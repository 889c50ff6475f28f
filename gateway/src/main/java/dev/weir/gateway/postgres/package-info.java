/**
 * Which PostgreSQL Weir uses: a server of its own inside the data directory, or another by URL; and
 * bringing its schema up to date.
 *
 * <p>The embedded server is driven with PostgreSQL's own {@code initdb} and {@code pg_ctl} rather than
 * as a test fixture, because it keeps real data: it is durable (fsync, full_page_writes and
 * synchronous_commit are on, and verified at each start), it asks every login for a random password,
 * it listens on the loopback interface only, and it runs in a session of its own so that a Ctrl-C in
 * the terminal reaches Weir first and the server stops after the drain.
 *
 * <p>Invariants: {@code DIR/postgres} exists only once it is completely set up; a server that a killed
 * Weir left behind is stopped before another starts on the same files; nothing but {@code
 * DIR/postgres-credentials} knows the passwords.
 *
 * <p>Roles: {@code postgres} is the superuser and never used at run time; {@code weir_owner} owns the
 * database, may create the two run-time roles, and is what Weir signs in as.
 */
@NullMarked
package dev.weir.gateway.postgres;

import org.jspecify.annotations.NullMarked;
