-- Everything here is rebuilt from the journal. SQL stays at the level of PostgreSQL 15.
-- What changes with every letter (numbers, states, sums) stands in account_counter, apart from the wide account row.
-- Global tables (no account_id in front): instance, applied, domain, invite, address. Every other key starts with account_id.

CREATE TABLE instance (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  instance_id uuid NOT NULL,
  era integer NOT NULL DEFAULT 1
);

-- The last record of each journal whose effect these tables hold.
CREATE TABLE applied (
  journal integer PRIMARY KEY,
  seq bigint NOT NULL
);

CREATE TABLE domain (
  domain text PRIMARY KEY,
  catch_all uuid
);

CREATE TABLE invite (
  invite_id uuid PRIMARY KEY,
  code_hash bytea NOT NULL UNIQUE,
  role text NOT NULL,
  expires_ms bigint NOT NULL,
  used_by uuid
);

-- An address is never given to another person: removed ones stay with removed_ms set.
CREATE TABLE address (
  address text PRIMARY KEY,
  account_id uuid NOT NULL,
  kind text NOT NULL,
  removed_ms bigint
);
CREATE INDEX address_by_account ON address (account_id);

CREATE TABLE account (
  account_id uuid PRIMARY KEY,
  role text NOT NULL,
  created_ms bigint NOT NULL,
  closed_ms bigint,
  quota_bytes bigint NOT NULL,
  keys_version integer NOT NULL,
  certificate bytea NOT NULL,
  summary_key bytea NOT NULL,
  auth_key bytea NOT NULL,
  keyring_version integer NOT NULL,
  keyring bytea NOT NULL,
  manifest_version integer NOT NULL,
  manifest bytea NOT NULL,
  rules bytea,
  second_factor bytea,
  second_factor_step bigint NOT NULL DEFAULT 0,
  recovery_due_ms bigint NOT NULL DEFAULT 0,
  login_failures integer NOT NULL DEFAULT 0,
  login_until_ms bigint NOT NULL DEFAULT 0,
  cache_counter bigint NOT NULL DEFAULT 0,
  cache_manifest bytea
);

-- account_seq: the last account number whose record is applied. *_modseq: the number of the last change of that kind.
-- email_floor_modseq: changes since a state below it cannot be told any more, because an erased letter's row is gone.
CREATE TABLE account_counter (
  account_id uuid PRIMARY KEY,
  account_seq bigint NOT NULL,
  email_modseq bigint NOT NULL DEFAULT 0,
  email_floor_modseq bigint NOT NULL DEFAULT 0,
  mailbox_modseq bigint NOT NULL DEFAULT 0,
  item_modseq bigint NOT NULL DEFAULT 0,
  used_bytes bigint NOT NULL DEFAULT 0,
  letters bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 60);

CREATE TABLE credential (
  account_id uuid NOT NULL,
  version integer NOT NULL,
  is_active boolean NOT NULL,
  setup_id text NOT NULL,
  record bytea NOT NULL,
  stretching jsonb NOT NULL,
  wrap bytea NOT NULL,
  ark_version integer NOT NULL,
  PRIMARY KEY (account_id, version)
);

CREATE TABLE wrap (
  account_id uuid NOT NULL,
  wrap_id text NOT NULL,
  kind text NOT NULL,
  ark_version integer NOT NULL,
  public_key bytea NOT NULL,
  sealed bytea NOT NULL,
  token_hash bytea,
  PRIMARY KEY (account_id, wrap_id)
);

CREATE TABLE session (
  account_id uuid NOT NULL,
  session_id uuid NOT NULL,
  hash bytea NOT NULL,
  opened_ms bigint NOT NULL,
  expires_ms bigint NOT NULL,
  PRIMARY KEY (account_id, session_id)
);
CREATE UNIQUE INDEX session_by_hash ON session (hash);

CREATE TABLE mailbox (
  account_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  parent_id uuid,
  role text,
  sealed_name bytea NOT NULL,
  sort_order integer NOT NULL,
  uid_validity bigint NOT NULL,
  total integer NOT NULL DEFAULT 0,
  unread integer NOT NULL DEFAULT 0,
  created_modseq bigint NOT NULL,
  modseq bigint NOT NULL,
  counts_modseq bigint NOT NULL,
  removed_modseq bigint,
  PRIMARY KEY (account_id, mailbox_id)
) WITH (fillfactor = 70);

-- e0..e7: the ledger element, eight signed 32-bit words, summed mod 2^32.
-- (journal, seq) name the records; segment and offset are hints that a reader checks.
CREATE TABLE letter (
  account_id uuid NOT NULL,
  letter_id uuid NOT NULL,
  journal integer NOT NULL,
  key_seq bigint NOT NULL,
  key_segment integer NOT NULL,
  key_offset bigint NOT NULL,
  body_journal integer NOT NULL,
  body_seq bigint NOT NULL,
  body_segment integer NOT NULL,
  body_offset bigint NOT NULL,
  digest bytea NOT NULL,
  e0 integer NOT NULL, e1 integer NOT NULL, e2 integer NOT NULL, e3 integer NOT NULL,
  e4 integer NOT NULL, e5 integer NOT NULL, e6 integer NOT NULL, e7 integer NOT NULL,
  class smallint NOT NULL,
  chain_day integer NOT NULL,
  epoch integer NOT NULL,
  expires_ms bigint NOT NULL,
  received_ms bigint NOT NULL,
  size_bytes bigint NOT NULL,
  render_version smallint NOT NULL,
  summary_version integer NOT NULL DEFAULT 0,
  summary_seq bigint,
  summary_segment integer,
  summary_offset bigint,
  keywords text[] NOT NULL,
  created_modseq bigint NOT NULL,
  modseq bigint NOT NULL,
  removed_modseq bigint,
  purge_ms bigint,
  PRIMARY KEY (account_id, letter_id)
);
CREATE INDEX letter_by_modseq ON letter (account_id, modseq);
-- letter_id is included, not a key: as a key it tempts the planner to look letters up here, which reads the whole account.
CREATE INDEX letter_by_time ON letter (account_id, received_ms) INCLUDE (letter_id) WHERE removed_modseq IS NULL;

-- Where letters lie. uid = the account number of the record that placed the letter here.
CREATE TABLE placement (
  account_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  uid bigint NOT NULL,
  letter_id uuid NOT NULL,
  received_ms bigint NOT NULL,
  modseq bigint NOT NULL,
  removed_modseq bigint,
  PRIMARY KEY (account_id, mailbox_id, uid)
);
CREATE INDEX placement_by_letter ON placement (account_id, letter_id);
CREATE INDEX placement_by_time ON placement (account_id, mailbox_id, received_ms, uid) INCLUDE (letter_id)
  WHERE removed_modseq IS NULL;

CREATE TABLE item (
  account_id uuid NOT NULL,
  collection text NOT NULL,
  item_id uuid NOT NULL,
  version integer NOT NULL,
  sealed bytea NOT NULL,
  created_modseq bigint NOT NULL,
  modseq bigint NOT NULL,
  removed_modseq bigint,
  PRIMARY KEY (account_id, collection, item_id)
);
CREATE INDEX item_by_modseq ON item (account_id, collection, modseq);

-- Sealed pages and search segments lie in the key lane; rows say where.
CREATE TABLE blob (
  account_id uuid NOT NULL,
  kind text NOT NULL,
  blob_id uuid NOT NULL,
  journal integer NOT NULL,
  seq bigint NOT NULL,
  segment integer NOT NULL,
  "offset" bigint NOT NULL,
  size_bytes integer NOT NULL,
  modseq bigint NOT NULL,
  PRIMARY KEY (account_id, kind, blob_id)
);
