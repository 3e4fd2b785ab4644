-- The guard's triggers (decision 0015). What they call lies in schema siegel_guard, made with the roles (guard-core.ts), and
-- where its user may not make that, there are none: siegel status says so. Global tables: none new.
-- DELETE is counted; what names a row is never changed; keys are counted; no table is emptied; the position never goes back.

DO $guard$
DECLARE
  of_table text;
  of_columns text;
  differs text;
BEGIN
  IF to_regprocedure('siegel_guard.count_deleted()') IS NULL THEN
    RETURN;
  END IF;

  FOREACH of_table IN ARRAY ARRAY['letter', 'placement', 'mailbox', 'account', 'account_counter', 'address', 'credential', 'wrap',
    'holder', 'item', 'receipt', 'submission'] LOOP
    EXECUTE format('CREATE TRIGGER guard_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.count_deleted()', of_table);
  END LOOP;
  FOREACH of_table IN ARRAY ARRAY['domain', 'invite', 'group_address'] LOOP
    EXECUTE format('CREATE TRIGGER guard_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.count_deleted_of_house()', of_table);
  END LOOP;
  FOREACH of_table IN ARRAY ARRAY['instance', 'applied', 'schema_migration'] LOOP
    EXECUTE format('CREATE TRIGGER guard_delete BEFORE DELETE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.refuse_unapproved(%L)', of_table, 'a DELETE');
  END LOOP;

  FOR of_table, of_columns IN VALUES
    ('letter', 'account_id, letter_id, journal, key_seq, body_journal, body_seq, digest, e0, e1, e2, e3, e4, e5, e6, e7'),
    ('placement', 'account_id, mailbox_id, uid, letter_id'),
    ('mailbox', 'account_id, mailbox_id'),
    ('account', 'account_id'),
    ('account_counter', 'account_id'),
    ('address', 'address, account_id'),
    ('credential', 'account_id, version'),
    ('wrap', 'account_id, wrap_id'),
    ('holder', 'account_id, holder_id'),
    ('item', 'account_id, collection, item_id'),
    ('receipt', 'account_id, journal, seq, nth'),
    ('submission', 'account_id, submission_id'),
    ('session', 'account_id, session_id'),
    ('app_password', 'account_id, app_password_id'),
    ('group_address', 'address'),
    ('invite', 'invite_id, code_hash'),
    ('domain', 'domain'),
    ('instance', 'instance_id'),
    ('applied', 'journal'),
    ('schema_migration', 'number, digest')
  LOOP
    EXECUTE format('CREATE TRIGGER guard_identity BEFORE UPDATE OF %s ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.refuse_unapproved(%L)', of_columns, of_table, 'a change of what names a row');
  END LOOP;

  FOR of_table, of_columns IN VALUES
    ('account', 'certificate, summary_key, auth_key, keyring, manifest, second_factor'),
    ('credential', 'record, wrap, setup_id'),
    ('wrap', 'public_key, sealed, token_hash')
  LOOP
    differs := 'ROW(OLD.' || replace(of_columns, ', ', ', OLD.') || ') IS DISTINCT FROM ROW(NEW.' || replace(of_columns, ', ', ', NEW.') || ')';
    EXECUTE format('CREATE TRIGGER guard_keys AFTER UPDATE OF %s ON %I
      FOR EACH ROW WHEN (%s) EXECUTE FUNCTION siegel_guard.count_rekeyed()', of_columns, of_table, differs);
  END LOOP;

  CREATE TRIGGER guard_position AFTER UPDATE OF seq ON applied
    FOR EACH ROW WHEN (NEW.seq < OLD.seq) EXECUTE FUNCTION siegel_guard.refuse_return();

  FOR of_table IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' LOOP
    EXECUTE format('CREATE TRIGGER guard_emptied BEFORE TRUNCATE' || ' ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION siegel_guard.refuse_unapproved(%L)', of_table, 'emptying');
  END LOOP;

  -- also where somebody plays a replica, for whom triggers are silent
  FOR of_table, of_columns IN
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.tgname LIKE 'guard\_%'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', of_table, of_columns);
  END LOOP;
END $guard$;
