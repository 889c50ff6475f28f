-- People, their sessions, and machine credentials. Sign-in works across tenants, so it runs as the
-- engine; what an administrator does with keys runs as the tenant.

CREATE TABLE users (
  user_id       uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES tenants,
  -- In small letters; one person signs in to one tenant, so it is unique over all of them.
  email         text NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),
  first_name    text,
  last_name     text,
  role          text NOT NULL
                CHECK (role IN ('SUPER_ADMIN', 'ADMIN', 'BILLING_ADMIN', 'USER', 'VIEWER')),
  password_hash text NOT NULL,
  status        text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'DISABLED')),
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL
);
CREATE INDEX users_tenant ON users (tenant_id);
CALL weir_protect('users');

-- A session is a family of refresh tokens, of which only the newest is good.
CREATE TABLE sessions (
  session_id uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenants,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CALL weir_protect('sessions');

CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenants,
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  issued_at  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- Set when it has been exchanged; a second use means that it was stolen.
  used_at    timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CALL weir_protect('refresh_tokens');

CREATE TABLE api_keys (
  key_id      uuid PRIMARY KEY,
  tenant_id   uuid NOT NULL REFERENCES tenants,
  name        text NOT NULL,
  scopes      text[] NOT NULL CHECK (scopes <@ ARRAY['ingest', 'read', 'write']),
  secret_hash bytea NOT NULL,
  created_by  uuid NOT NULL,
  created_at  timestamptz NOT NULL,
  revoked_at  timestamptz
);
CREATE INDEX api_keys_tenant ON api_keys (tenant_id, created_at);
CALL weir_protect('api_keys');
