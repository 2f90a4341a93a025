-- Times are microseconds since the Unix epoch, amounts minor units of the currency beside them, ids UUIDv7 (so they
-- sort by time). Words of ours are text in the order of their bytes; what clients wrote (keys, references, JSON, bodies)
-- is bytea, because text cannot hold a NUL byte and would be checked for its encoding at every write.
-- convert_from(json, 'UTF8') shows it. Fixed widths stand first, so that rows need no padding.
--
-- Every index is paid for by every payment. An update that touches no indexed column stays on its page and needs no
-- index entry (HOT); `fillfactor` keeps the room for that.

CREATE TABLE tenants (
  created_at bigint NOT NULL,
  id         text COLLATE "C" NOT NULL PRIMARY KEY
);
INSERT INTO tenants (id, created_at) VALUES ('default', 0);

CREATE TABLE api_keys (
  created_at bigint NOT NULL,
  id         text COLLATE "C" NOT NULL PRIMARY KEY,
  tenant     text COLLATE "C" NOT NULL REFERENCES tenants (id),
  hash       bytea NOT NULL
);

-- The truth: what happened, in order, for ever. Its key is also what stops a second writer.
CREATE TABLE payment_events (
  payment        uuid NOT NULL,
  id             uuid NOT NULL,
  sequence       bigint NOT NULL,
  at             bigint NOT NULL,
  schema_version integer NOT NULL,
  type           text COLLATE "C" NOT NULL,
  json           bytea NOT NULL,
  PRIMARY KEY (payment, sequence)
);

-- The projection for reads. The index by status begins with the status, because a plan that was made while the table was
-- empty takes (tenant, status, id) for as good as the key, and walks over all payments of the tenant from then on.
CREATE TABLE payments (
  id                  uuid NOT NULL,
  version             bigint NOT NULL,
  amount_minor        bigint NOT NULL,
  captured_minor      bigint NOT NULL,
  refunded_minor      bigint NOT NULL,
  created_at          bigint NOT NULL,
  updated_at          bigint NOT NULL,
  open                boolean NOT NULL,
  tenant              text COLLATE "C" NOT NULL,
  status              text COLLATE "C" NOT NULL,
  currency            text COLLATE "C" NOT NULL,
  provider            text COLLATE "C" NOT NULL,
  provider_payment_id text COLLATE "C" NOT NULL,
  reference           bytea NOT NULL,
  customer_id         bytea NOT NULL,
  json                bytea NOT NULL,
  PRIMARY KEY (tenant, id)
) WITH (fillfactor = 85);
CREATE INDEX payments_by_status    ON payments (status, tenant, id);
CREATE INDEX payments_by_reference ON payments (tenant, reference, id) WHERE reference <> '';
CREATE INDEX payments_by_customer  ON payments (tenant, customer_id, id) WHERE customer_id <> '';
CREATE INDEX payments_open         ON payments (id) WHERE open;
-- The way from a webhook to its payment.
CREATE INDEX payments_at_provider  ON payments (provider_payment_id, provider, id) WHERE provider_payment_id <> '';

CREATE TABLE operations (
  payment         uuid NOT NULL,
  id              uuid NOT NULL,
  amount_minor    bigint NOT NULL,
  started_at      bigint NOT NULL,
  attempts        integer NOT NULL,
  kind            text COLLATE "C" NOT NULL,
  status          text COLLATE "C" NOT NULL,
  currency        text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  provider_object text COLLATE "C" NOT NULL,
  PRIMARY KEY (payment, id)
) WITH (fillfactor = 70);

-- A claim is small and its answer is not: the page is left nearly empty so that the answers still fit beside their
-- claims and no index learns of them. The index of the expiry holds every key for the same reason: the time of
-- expiry does not change with the answer.
CREATE TABLE idempotency_keys (
  payment     uuid NOT NULL,
  claimed_at  bigint NOT NULL,
  expires_at  bigint NOT NULL,
  status      integer NOT NULL,
  completed   boolean NOT NULL,
  tenant      text COLLATE "C" NOT NULL,
  key         bytea NOT NULL,
  fingerprint bytea NOT NULL,
  body        bytea NOT NULL,
  PRIMARY KEY (tenant, key)
) WITH (fillfactor = 20);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- Double entry: positive is a debit. `entry` only grows, so it orders the postings of a payment.
CREATE TABLE ledger_entries (
  payment      uuid NOT NULL,
  operation    uuid NOT NULL,
  entry        bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  amount_minor bigint NOT NULL,
  tenant       text COLLATE "C" NOT NULL,
  account      text COLLATE "C" NOT NULL,
  currency     text COLLATE "C" NOT NULL,
  PRIMARY KEY (payment, entry)
);
-- The trial balance is rarely asked for and reads the table: an index for it would be six more entries for each payment.

-- One wake-up per payment, gone when it is cleared.
CREATE TABLE timers (
  payment uuid NOT NULL PRIMARY KEY,
  due     bigint NOT NULL,
  tenant  text COLLATE "C" NOT NULL,
  kind    text COLLATE "C" NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX timers_due ON timers (due, payment);
