-- What mail programs sign in with, and may only send with (decisions 0009 and 0013).
-- Global tables: none new. Every key starts with account_id.

CREATE TABLE app_password (
  account_id uuid NOT NULL,
  app_password_id uuid NOT NULL,
  hash bytea NOT NULL,
  sealed_name bytea NOT NULL,
  created_ms bigint NOT NULL,
  used_day integer,
  PRIMARY KEY (account_id, app_password_id)
);
