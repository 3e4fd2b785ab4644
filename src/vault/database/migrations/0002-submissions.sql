-- Letters on their way out (decision 0013). No recipient stands here: envelope and letter lie in the live store alone.
-- Global tables: none new. Every key starts with account_id.

CREATE TABLE submission (
  account_id uuid NOT NULL,
  submission_id uuid NOT NULL,
  letter_id uuid,
  identity text NOT NULL,
  queued_ms bigint NOT NULL,
  send_at_ms bigint NOT NULL,
  recipients integer NOT NULL,
  is_canceled boolean NOT NULL DEFAULT false,
  done_ms bigint,
  delivered integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  created_modseq bigint NOT NULL,
  modseq bigint NOT NULL,
  PRIMARY KEY (account_id, submission_id)
);
CREATE INDEX submission_by_modseq ON submission (account_id, modseq);
CREATE INDEX submission_by_time ON submission (account_id, queued_ms);

-- What the journal holds as queued and not yet as over: asked at every start, compared with the live store's slots.
CREATE TABLE outbound (
  account_id uuid NOT NULL,
  submission_id uuid NOT NULL,
  due_ms bigint NOT NULL,
  PRIMARY KEY (account_id, submission_id)
);

ALTER TABLE account_counter ADD COLUMN submission_modseq bigint NOT NULL DEFAULT 0;
