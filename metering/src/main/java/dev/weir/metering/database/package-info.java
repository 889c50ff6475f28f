/**
 * The one way to PostgreSQL at run time.
 *
 * <p>Three roles: the owner runs migrations and nothing else; {@code weir_app} serves tenants under
 * forced row-level security; {@code weir_engine} serves the aggregator, sign-in and the
 * resumption of billing runs, which work across tenants. A transaction for a tenant sets {@code app.tenant_id} for itself only,
 * so a pooled connection carries nothing over to the next tenant.
 *
 * <p>{@link dev.weir.metering.database.Chunks} splits what is too much for one statement;
 * {@link dev.weir.metering.database.Awaiting} is for threads of our own, which may block.
 */
@NullMarked
package dev.weir.metering.database;

import org.jspecify.annotations.NullMarked;
