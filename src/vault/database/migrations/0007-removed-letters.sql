-- Letters that were removed and are not erased yet: asked every hour, and by whoever brings one back. Few, so the index is small.
-- Global tables: none new. Every key starts with account_id.

CREATE INDEX letter_removed ON letter (account_id, purge_ms) WHERE removed_modseq IS NOT NULL;
