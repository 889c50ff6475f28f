-- Customers, plans and subscriptions. Foreign keys carry the tenant, because their checks run outside
-- row-level security and must not tell one tenant about another's rows.

CREATE TABLE customers (
  tenant_id   uuid NOT NULL REFERENCES tenants,
  customer_id uuid PRIMARY KEY,
  key         text NOT NULL,
  name        text NOT NULL,
  email       text,
  currency    text NOT NULL,
  time_zone   text NOT NULL,
  address     jsonb,
  tax_id      text,
  created_at  timestamptz NOT NULL,
  CONSTRAINT customers_key_taken UNIQUE (tenant_id, key),
  CONSTRAINT customers_of_tenant UNIQUE (tenant_id, customer_id)
);
CREATE INDEX customers_newest ON customers (tenant_id, created_at DESC, customer_id DESC);
CALL weir_protect('customers');

-- Whose usage a customer pays for: a subject has one customer at most.
CREATE TABLE customer_subjects (
  tenant_id   uuid NOT NULL,
  subject     text NOT NULL,
  customer_id uuid NOT NULL,
  CONSTRAINT customer_subjects_taken PRIMARY KEY (tenant_id, subject),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id)
);
CREATE INDEX customer_subjects_of ON customer_subjects (customer_id);
CALL weir_protect('customer_subjects');

-- One row per version; rows never change. Rate cards are kept whole, in the shape of the wire, with
-- decimals as strings and the meter's id beside its key.
CREATE TABLE plans (
  tenant_id     uuid NOT NULL REFERENCES tenants,
  plan_id       uuid PRIMARY KEY,
  key           text NOT NULL,
  version       integer NOT NULL CHECK (version > 0),
  name          text NOT NULL,
  currency      text NOT NULL,
  billing_cycle text NOT NULL
    CHECK (billing_cycle IN ('daily', 'weekly', 'monthly', 'quarterly', 'yearly')),
  rate_cards    jsonb NOT NULL,
  created_at    timestamptz NOT NULL,
  CONSTRAINT plans_version_taken UNIQUE (tenant_id, key, version),
  CONSTRAINT plans_of_tenant UNIQUE (tenant_id, plan_id)
);
CALL weir_protect('plans');

-- next_boundary counts the boundaries that have been billed; next_boundary_at is its instant, kept
-- so that due subscriptions are found by an index.
CREATE TABLE subscriptions (
  tenant_id        uuid NOT NULL REFERENCES tenants,
  subscription_id  uuid PRIMARY KEY,
  customer_id      uuid NOT NULL,
  plan_id          uuid NOT NULL,
  plan_key         text NOT NULL,
  plan_version     integer NOT NULL,
  status           text NOT NULL CHECK (status IN ('active')),
  currency         text NOT NULL,
  billing_cycle    text NOT NULL,
  time_zone        text NOT NULL,
  started_at       timestamptz NOT NULL,
  next_boundary    integer NOT NULL CHECK (next_boundary >= 0),
  next_boundary_at timestamptz NOT NULL,
  created_at       timestamptz NOT NULL,
  CONSTRAINT subscriptions_of_tenant UNIQUE (tenant_id, subscription_id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES plans (tenant_id, plan_id)
);
CREATE INDEX subscriptions_due ON subscriptions (next_boundary_at) WHERE status = 'active';
CREATE INDEX subscriptions_newest
  ON subscriptions (tenant_id, created_at DESC, subscription_id DESC);
CREATE INDEX subscriptions_of_customer ON subscriptions (customer_id);
CREATE INDEX subscriptions_of_plan ON subscriptions (plan_id);
CALL weir_protect('subscriptions');
