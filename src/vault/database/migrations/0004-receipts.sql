-- What was promised to an account (decision 0012): receipts are made from these rows, letters' receipts from the letters' own.
-- Every key starts with account_id; all zero: a promise of the house itself.

CREATE TABLE receipt (
  account_id uuid NOT NULL,
  journal integer NOT NULL,
  seq bigint NOT NULL,
  nth smallint NOT NULL,
  kind text NOT NULL,
  time_ms bigint NOT NULL,
  -- canonical JSON, as it is signed
  facts text NOT NULL,
  PRIMARY KEY (account_id, journal, seq, nth)
);
