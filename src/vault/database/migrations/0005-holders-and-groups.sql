-- Addresses that several accounts read, and accounts that several people hold (decisions 0003 and 0013).
-- Global tables (no account_id in front): group_address.

-- A group's address is never given to a person, nor to another group: removed ones stay with removed_ms set.
CREATE TABLE group_address (
  address text PRIMARY KEY,
  account_ids uuid[] NOT NULL,
  removed_ms bigint
);

-- holder_id: the account of the person who opens account_id; the wrap lies under the same account.
CREATE TABLE holder (
  account_id uuid NOT NULL,
  holder_id uuid NOT NULL,
  wrap_id text NOT NULL,
  added_ms bigint NOT NULL,
  PRIMARY KEY (account_id, holder_id)
);
CREATE INDEX holder_by_person ON holder (holder_id);
