-- The last number given per tenant. Taken by an upsert inside the transaction that issues the
-- invoice: the row lock makes issuing one after the other, and a rollback gives the number back.
CREATE TABLE invoice_numbers (
  tenant_id   uuid PRIMARY KEY REFERENCES tenants,
  prefix      text NOT NULL DEFAULT 'INV-' CHECK (prefix ~ '^[A-Za-z0-9/_-]{0,20}$'),
  last_number bigint NOT NULL CHECK (last_number >= 0)
);
CALL weir_protect('invoice_numbers');

-- One invoice per subscription and boundary, whatever becomes of it: a void invoice keeps its
-- boundary, so a later run cannot bill the period again by accident.
CREATE TABLE invoices (
  tenant_id       uuid NOT NULL REFERENCES tenants,
  invoice_id      uuid NOT NULL,
  invoice_number  text,
  status          text NOT NULL
                  CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
  customer_id     uuid NOT NULL,
  subscription_id uuid NOT NULL,
  boundary        integer NOT NULL CHECK (boundary >= 0),
  run_id          uuid,
  currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  subtotal        numeric NOT NULL,
  discount_amount numeric NOT NULL,
  tax_amount      numeric NOT NULL,
  total_amount    numeric NOT NULL,
  amount_paid     numeric NOT NULL,
  amount_due      numeric NOT NULL,
  period_start    timestamptz NOT NULL,
  period_end      timestamptz NOT NULL,
  issue_date      timestamptz,
  due_date        timestamptz,
  notes           text,
  customer_name   text NOT NULL,
  bill_to         json NOT NULL,
  created_at      timestamptz NOT NULL,
  finalized_at    timestamptz,
  status_reason   text,
  status_changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, invoice_id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, customer_id),
  FOREIGN KEY (tenant_id, subscription_id)
    REFERENCES subscriptions (tenant_id, subscription_id),
  CONSTRAINT invoices_one_per_boundary UNIQUE (tenant_id, subscription_id, boundary),
  CONSTRAINT invoices_number_once UNIQUE (tenant_id, invoice_number),
  CONSTRAINT invoices_period_forward CHECK (period_start < period_end),
  CONSTRAINT invoices_total_adds_up CHECK (total_amount = subtotal - discount_amount + tax_amount),
  CONSTRAINT invoices_due_adds_up CHECK (
    amount_due = CASE WHEN status = 'void' THEN 0 ELSE total_amount - amount_paid END),
  CONSTRAINT invoices_issued_is_dated CHECK (
    num_nulls(invoice_number, issue_date, due_date, finalized_at)
      = CASE WHEN status = 'draft' THEN 4 ELSE 0 END)
);
CREATE INDEX invoices_by_creation ON invoices (tenant_id, created_at, invoice_id);
CREATE INDEX invoices_by_customer ON invoices (tenant_id, customer_id, created_at);
CREATE INDEX invoices_by_status ON invoices (tenant_id, status, created_at);
CALL weir_protect('invoices');

CREATE TABLE invoice_items (
  tenant_id     uuid NOT NULL,
  invoice_id    uuid NOT NULL,
  position      integer NOT NULL CHECK (position >= 1),
  item_id       uuid NOT NULL,
  type          text NOT NULL
                CHECK (type IN ('subscription', 'usage', 'credit', 'fee', 'discount', 'tax')),
  rate_card_key text,
  description   text NOT NULL,
  quantity      numeric NOT NULL,
  amount        numeric NOT NULL,
  exact_amount  numeric NOT NULL,
  period_start  timestamptz NOT NULL,
  period_end    timestamptz NOT NULL,
  explanation   json NOT NULL,
  PRIMARY KEY (tenant_id, invoice_id, position),
  CONSTRAINT invoice_items_of_invoice
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices
);
CALL weir_protect('invoice_items');

-- Issued documents never change, whoever asks: the checks sit below every role, including the owner,
-- and stay on for replication sessions too. Columns are immutable unless named here, so a column
-- added later is protected from its first day.
CREATE FUNCTION invoices_guard() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  living CONSTANT text[] :=
    ARRAY['status', 'amount_paid', 'amount_due', 'status_reason', 'status_changed_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' THEN
      RAISE EXCEPTION 'an invoice starts as a draft' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'invoices_start_as_draft';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' THEN
      RAISE EXCEPTION 'issued invoice % cannot be deleted', OLD.invoice_number
        USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_issued_immutable';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.status = 'draft' THEN
    IF NEW.status NOT IN ('draft', 'open') THEN
      RAISE EXCEPTION 'a draft can only be opened' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'invoices_transition';
    END IF;
    IF NEW.status = 'open' AND NEW.total_amount <> coalesce((
        SELECT sum(amount) FROM invoice_items
        WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.invoice_id), 0) THEN
      RAISE EXCEPTION 'the items of invoice % do not add up', NEW.invoice_number
        USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_items_add_up';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(OLD) - living)::text <> (to_jsonb(NEW) - living)::text THEN
    RAISE EXCEPTION 'issued invoice % cannot be changed', OLD.invoice_number
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_issued_immutable';
  END IF;
  IF OLD.status <> NEW.status
      AND NOT (OLD.status = 'open' AND NEW.status IN ('paid', 'void', 'uncollectible')) THEN
    RAISE EXCEPTION 'invoice % cannot go from % to %', OLD.invoice_number, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_transition';
  END IF;
  RETURN NEW;
END
$$;

-- Locks the invoice against being issued while its items change. An invoice that cannot be seen
-- counts as issued.
CREATE FUNCTION invoice_items_guard() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  owner_status text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT status INTO owner_status FROM invoices
      WHERE tenant_id = OLD.tenant_id AND invoice_id = OLD.invoice_id FOR SHARE;
    IF owner_status IS DISTINCT FROM 'draft' THEN
      RAISE EXCEPTION 'items of issued invoice % cannot be changed', OLD.invoice_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_issued_immutable';
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    SELECT status INTO owner_status FROM invoices
      WHERE tenant_id = NEW.tenant_id AND invoice_id = NEW.invoice_id FOR SHARE;
    IF owner_status IS DISTINCT FROM 'draft' THEN
      RAISE EXCEPTION 'issued invoice % cannot take items', NEW.invoice_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_issued_immutable';
    END IF;
    RETURN NEW;
  END IF;
  RETURN OLD;
END
$$;

CREATE FUNCTION invoices_never_truncated() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% cannot be emptied', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_issued_immutable';
END
$$;

CREATE TRIGGER invoices_guard BEFORE INSERT OR UPDATE OR DELETE ON invoices
  FOR EACH ROW EXECUTE FUNCTION invoices_guard();
CREATE TRIGGER invoice_items_guard BEFORE INSERT OR UPDATE OR DELETE ON invoice_items
  FOR EACH ROW EXECUTE FUNCTION invoice_items_guard();
CREATE TRIGGER invoices_never_truncated BEFORE TRUNCATE ON invoices
  FOR EACH STATEMENT EXECUTE FUNCTION invoices_never_truncated();
CREATE TRIGGER invoice_items_never_truncated BEFORE TRUNCATE ON invoice_items
  FOR EACH STATEMENT EXECUTE FUNCTION invoices_never_truncated();
ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_guard;
ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_never_truncated;
ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_guard;
ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_never_truncated;

-- A run over a tenant's due subscriptions. Its counts are not kept while it works but derived from
-- the rows below, each written in the transaction of the work it tells of, so that a run killed at
-- any point and resumed reports what a run left alone would have. They are frozen when it ends.
CREATE TABLE billing_runs (
  tenant_id    uuid NOT NULL REFERENCES tenants,
  run_id       uuid NOT NULL,
  until        timestamptz NOT NULL,
  dry_run      boolean NOT NULL,
  finalize     boolean NOT NULL,
  state        text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  error_code   text,
  error_message text,
  due_count      bigint,
  invoiced_count bigint,
  empty_count    bigint,
  parked_count   bigint,
  failed_count   bigint,
  created_at   timestamptz NOT NULL,
  started_at   timestamptz,
  finished_at  timestamptz,
  PRIMARY KEY (tenant_id, run_id),
  CONSTRAINT billing_runs_finish CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed')))
);
CREATE UNIQUE INDEX billing_runs_one_at_a_time ON billing_runs (tenant_id)
  WHERE state IN ('queued', 'running');
CREATE INDEX billing_runs_by_creation ON billing_runs (tenant_id, created_at, run_id);
CALL weir_protect('billing_runs');

-- A boundary a run has passed (or, in a dry run, would pass).
CREATE TABLE billing_run_boundaries (
  tenant_id       uuid NOT NULL,
  run_id          uuid NOT NULL,
  subscription_id uuid NOT NULL,
  boundary        integer NOT NULL,
  customer_id     uuid NOT NULL,
  outcome         text NOT NULL CHECK (outcome IN ('invoiced', 'empty')),
  invoice_id      uuid,
  currency        text,
  total_amount    numeric,
  PRIMARY KEY (tenant_id, run_id, subscription_id, boundary),
  FOREIGN KEY (tenant_id, run_id) REFERENCES billing_runs,
  CHECK (outcome = 'empty' OR num_nulls(currency, total_amount) = 0)
);
CALL weir_protect('billing_run_boundaries');

-- A subscription a run left at a boundary it could not bill, and why. It stays due, so the next run
-- tries again.
CREATE TABLE billing_parked (
  tenant_id       uuid NOT NULL,
  run_id          uuid NOT NULL,
  subscription_id uuid NOT NULL,
  customer_id     uuid NOT NULL,
  boundary        integer NOT NULL,
  refused         boolean NOT NULL,
  code            text NOT NULL,
  message         text NOT NULL,
  parked_at       timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id, subscription_id),
  FOREIGN KEY (tenant_id, run_id) REFERENCES billing_runs
);
CALL weir_protect('billing_parked');
