-- The register of authorities' requests (decision 0018): a chain of entries, a row for each filing, sealed case files.
-- Global tables (no account_id in front): desk_entry, desk_filing, desk_file.

CREATE TABLE desk_entry (
  nth bigint PRIMARY KEY,
  at_ms bigint NOT NULL,
  filing text,
  kind text NOT NULL,
  -- with the event it is erased; the leaf stays
  blind text,
  -- canonical JSON, as it is hashed
  event text,
  leaf text NOT NULL,
  head text NOT NULL,
  journal integer NOT NULL,
  seq bigint NOT NULL
);
CREATE INDEX desk_entry_filing ON desk_entry (filing, nth);

CREATE TABLE desk_filing (
  filing text PRIMARY KEY,
  year integer NOT NULL,
  received_ms bigint NOT NULL,
  state text NOT NULL,
  -- canonical JSON of all that its entries say
  contents text NOT NULL
);
CREATE INDEX desk_filing_year ON desk_filing (year, received_ms);

CREATE TABLE desk_file (
  -- SHA-256 of the sealed bytes
  file text PRIMARY KEY,
  put_ms bigint NOT NULL,
  -- an OpenPGP message to the roster
  sealed bytea NOT NULL
);

DO $guard$
DECLARE
  of_table text;
  of_columns text;
BEGIN
  IF to_regprocedure('siegel_guard.count_deleted()') IS NULL THEN
    RETURN;
  END IF;
  FOR of_table, of_columns IN VALUES
    ('desk_entry', 'nth, at_ms, filing, kind, blind, event, leaf, head, journal, seq'),
    ('desk_filing', 'filing'),
    ('desk_file', 'file, put_ms, sealed')
  LOOP
    EXECUTE format('CREATE TRIGGER guard_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.count_deleted_of_house()', of_table);
    EXECUTE format('CREATE TRIGGER guard_identity BEFORE UPDATE OF %s ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.refuse_unapproved(%L)', of_columns, of_table, 'a change of what names a row');
    EXECUTE format('CREATE TRIGGER guard_emptied BEFORE TRUNCATE' || ' ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.refuse_unapproved(%L)', of_table, 'emptying');
  END LOOP;
  FOR of_table, of_columns IN
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'desk\_%' AND t.tgname LIKE 'guard\_%'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', of_table, of_columns);
  END LOOP;
END $guard$;
