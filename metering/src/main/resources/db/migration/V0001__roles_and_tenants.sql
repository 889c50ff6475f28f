-- Three roles (see package dev.weir.metering.database). Roles belong to the whole server, so they may
-- exist already; a login without CREATEROLE works when an administrator has made them.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'weir_app') THEN
    CREATE ROLE weir_app NOLOGIN NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'weir_engine') THEN
    CREATE ROLE weir_engine NOLOGIN NOBYPASSRLS;
  END IF;
  -- Who creates a role may grant it, but cannot yet act as it.
  BEGIN
    EXECUTE format('GRANT weir_app, weir_engine TO %I', current_user);
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'weir_app and weir_engine must have been granted to % already', current_user;
  END;
END
$$;

GRANT USAGE ON SCHEMA public TO weir_app, weir_engine;

-- The tenant of this transaction; null when none is set, and then no policy matches any row.
CREATE FUNCTION weir_tenant() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

-- Every table with a tenant_id gets exactly this treatment.
CREATE PROCEDURE weir_protect(tenant_table regclass)
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('CREATE POLICY tenant_only ON %s TO weir_app '
    'USING (tenant_id = weir_tenant()) WITH CHECK (tenant_id = weir_tenant())', tenant_table);
  EXECUTE format('CREATE POLICY engine_all ON %s TO weir_engine '
    'USING (true) WITH CHECK (true)', tenant_table);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO weir_app, weir_engine', tenant_table);
END
$$;

CREATE TABLE tenants (
  tenant_id  uuid PRIMARY KEY,
  name       text NOT NULL,
  status     text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'INACTIVE', 'SUSPENDED')),
  created_at timestamptz NOT NULL
);
CALL weir_protect('tenants');
