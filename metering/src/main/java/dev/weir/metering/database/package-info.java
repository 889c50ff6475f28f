/**
 * The one way to PostgreSQL at run time.
 *
 * <p>Three roles: the owner runs migrations and nothing else; {@code weir_app} serves tenants under
 * forced row-level security; {@code weir_engine} serves the aggregator, sign-in and the
 * resumption of billing runs, which work across tenants. A transaction for a tenant sets {@code app.tenant_id} for itself only,
 * so a pooled connection carries nothing over to the next tenant.
 */
@NullMarked
package dev.weir.metering.database;

import org.jspecify.annotations.NullMarked;
