// The guard inside PostgreSQL: it counts what a transaction deletes or gives new keys, and refuses what no record or approval names (decision 0015).

import { createHash } from 'node:crypto';
import { DatabaseError } from 'pg';

/**
 * Rows of one account that a transaction may delete or re-key beyond what the records it names say. One that names none may
 * delete nothing: the program names every record, and what a person sends names none.
 */
export const ROWS_BEYOND = 100;

/** What the guard's refusals carry; class SG is nobody else's. */
export const GUARD_REFUSED = 'SG001';

/**
 * One row for each connection, valid for one transaction: what it deleted and whose, and what records it named. A table, not a
 * setting: a setting could be set by anybody, and a table goes back together with the rows at ROLLBACK TO SAVEPOINT.
 */
const TABLES = `
CREATE SCHEMA IF NOT EXISTS siegel_guard;
CREATE TABLE IF NOT EXISTS siegel_guard.approval (
  change text NOT NULL,
  nth integer NOT NULL,
  plan bytea NOT NULL,
  statement bytea NOT NULL,
  rows_max bigint NOT NULL,
  uses_max integer NOT NULL DEFAULT 1,
  expires_at timestamptz NOT NULL,
  rows_done bigint NOT NULL DEFAULT 0,
  uses integer NOT NULL DEFAULT 0,
  used_at timestamptz,
  used_xid xid8,
  PRIMARY KEY (change, nth)
);
CREATE UNLOGGED TABLE IF NOT EXISTS siegel_guard.tally (
  pid integer PRIMARY KEY,
  xid xid8 NOT NULL,
  account_id uuid,
  rows bigint NOT NULL,
  vouched bigint NOT NULL,
  journal integer,
  seq bigint
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS siegel_guard.broken_glass (noticed_at timestamptz PRIMARY KEY, told boolean NOT NULL DEFAULT false);
CREATE TABLE IF NOT EXISTS siegel_guard.installed (part text PRIMARY KEY, digest text NOT NULL);
`;

const SECURED = `LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp`;
const NEXT_STEP = 'Nothing was changed. Let it be planned, approved and undoable: siegel change plan --sql FILE';

/** Whether the statement the client sent is approved word for word, for that many rows, in time and not used up. */
const USE_APPROVAL = `
CREATE OR REPLACE FUNCTION siegel_guard.use_approval(touched bigint) RETURNS boolean ${SECURED} AS $body$
BEGIN
  UPDATE siegel_guard.approval a SET rows_done = a.rows_done + touched, used_at = clock_timestamp(),
    uses = a.uses + CASE WHEN a.used_xid IS NOT DISTINCT FROM pg_current_xact_id() THEN 0 ELSE 1 END, used_xid = pg_current_xact_id()
  WHERE (a.change, a.nth) = (
    SELECT b.change, b.nth FROM siegel_guard.approval b
    WHERE b.statement = sha256(convert_to(current_query(), 'UTF8')) AND b.expires_at > clock_timestamp()
      AND b.rows_done + touched <= b.rows_max AND (b.used_xid = pg_current_xact_id() OR b.uses < b.uses_max)
    ORDER BY b.change, b.nth LIMIT 1 FOR UPDATE);
  RETURN FOUND;
END $body$;
`;

const TALLY = `
CREATE OR REPLACE FUNCTION siegel_guard.tally_of_now() RETURNS siegel_guard.tally ${SECURED} AS $body$
DECLARE
  now_xid constant xid8 := pg_current_xact_id();
  tally siegel_guard.tally;
BEGIN
  SELECT * INTO tally FROM siegel_guard.tally t WHERE t.pid = pg_backend_pid() AND t.xid = now_xid;
  IF NOT FOUND THEN
    tally := ROW(pg_backend_pid(), now_xid, NULL, 0, 0, NULL, NULL);
  END IF;
  RETURN tally;
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.keep(tally siegel_guard.tally) RETURNS void ${SECURED} AS $body$
BEGIN
  INSERT INTO siegel_guard.tally SELECT tally.*
  ON CONFLICT (pid) DO UPDATE SET xid = excluded.xid, account_id = excluded.account_id, rows = excluded.rows,
    vouched = excluded.vouched, journal = excluded.journal, seq = excluded.seq;
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.note(account uuid, touched bigint, of_others bigint) RETURNS void ${SECURED} AS $body$
DECLARE
  tally siegel_guard.tally := siegel_guard.tally_of_now();
BEGIN
  IF of_others > 0 OR tally.account_id <> account THEN
    IF siegel_guard.use_approval(touched) THEN RETURN; END IF;
    RAISE EXCEPTION 'the guard: one transaction deletes or re-keys rows of more than one account. ${NEXT_STEP}' USING ERRCODE = '${GUARD_REFUSED}';
  END IF;
  IF tally.seq IS NULL OR tally.rows + touched > tally.vouched + ${ROWS_BEYOND} THEN
    IF siegel_guard.use_approval(touched) THEN RETURN; END IF;
    RAISE EXCEPTION 'the guard: % rows are deleted or re-keyed and no record of the journal names that many. ${NEXT_STEP}', tally.rows + touched
      USING ERRCODE = '${GUARD_REFUSED}';
  END IF;
  tally.account_id := account;
  tally.rows := tally.rows + touched;
  PERFORM siegel_guard.keep(tally);
END $body$;
`;

/**
 * A journalled command says whose rows it takes away and how many. It counts only in the transaction that brings `applied` to it
 * (checked when that commits), so it counts once.
 */
const VOUCH = `
CREATE OR REPLACE FUNCTION siegel_guard.vouch(of_journal integer, of_seq bigint, account uuid, named bigint) RETURNS void ${SECURED} AS $body$
DECLARE
  tally siegel_guard.tally := siegel_guard.tally_of_now();
  position bigint;
BEGIN
  SELECT a.seq INTO position FROM public.applied a WHERE a.journal = of_journal;
  IF of_seq <= coalesce(position, 0) OR (tally.journal = of_journal AND of_seq <= tally.seq) OR named < 0 THEN
    RAISE EXCEPTION 'the guard: record % of journal % was used before. Nothing was changed.', of_seq, of_journal USING ERRCODE = '${GUARD_REFUSED}';
  END IF;
  IF tally.account_id <> account THEN
    RAISE EXCEPTION 'the guard: one transaction names records of more than one account. Nothing was changed.' USING ERRCODE = '${GUARD_REFUSED}';
  END IF;
  tally.account_id := account;
  tally.vouched := tally.vouched + named;
  tally.journal := of_journal;
  tally.seq := of_seq;
  PERFORM siegel_guard.keep(tally);
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.check_vouched() RETURNS trigger ${SECURED} AS $body$
BEGIN
  PERFORM 1 FROM public.applied a WHERE a.journal = NEW.journal AND a.seq >= NEW.seq;
  IF FOUND THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'the guard: record % was named and not applied. Nothing was changed.', NEW.seq USING ERRCODE = '${GUARD_REFUSED}';
END $body$;
DROP TRIGGER IF EXISTS guard_vouched ON siegel_guard.tally;
CREATE CONSTRAINT TRIGGER guard_vouched AFTER INSERT OR UPDATE ON siegel_guard.tally DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.seq IS NOT NULL) EXECUTE FUNCTION siegel_guard.check_vouched();
ALTER TABLE siegel_guard.tally ENABLE ALWAYS TRIGGER guard_vouched;
`;

/** What the triggers of migration 0006 call. */
const TRIGGERED = `
CREATE OR REPLACE FUNCTION siegel_guard.count_deleted() RETURNS trigger ${SECURED} AS $body$
DECLARE
  account uuid;
  gone bigint;
  of_others bigint;
BEGIN
  SELECT o.account_id INTO account FROM old_rows o LIMIT 1;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT count(*), count(*) FILTER (WHERE o.account_id IS DISTINCT FROM account) INTO gone, of_others FROM old_rows o;
  PERFORM siegel_guard.note(coalesce(account, '00000000-0000-0000-0000-000000000000'), gone, of_others);
  RETURN NULL;
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.count_deleted_of_house() RETURNS trigger ${SECURED} AS $body$
DECLARE
  gone bigint;
BEGIN
  SELECT count(*) INTO gone FROM old_rows;
  IF gone > 0 THEN PERFORM siegel_guard.note('00000000-0000-0000-0000-000000000000', gone, 0); END IF;
  RETURN NULL;
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.count_rekeyed() RETURNS trigger ${SECURED} AS $body$
BEGIN
  PERFORM siegel_guard.note(OLD.account_id, 1, 0);
  RETURN NULL;
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.refuse_unapproved() RETURNS trigger ${SECURED} AS $body$
BEGIN
  IF TG_OP <> 'TRUNCATE' AND siegel_guard.use_approval(0) THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'the guard: % of table % is not for any program. ${NEXT_STEP}', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = '${GUARD_REFUSED}';
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.refuse_return() RETURNS trigger ${SECURED} AS $body$
BEGIN
  IF siegel_guard.use_approval(1) THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'the guard: the applied position would go back, and records would be applied twice. ${NEXT_STEP}' USING ERRCODE = '${GUARD_REFUSED}';
END $body$;
`;

/** Nothing to lose: no record was applied yet. Then the owner may make and change tables freely. */
const EVENTS = `
CREATE OR REPLACE FUNCTION siegel_guard.is_bare() RETURNS boolean ${SECURED} AS $body$
DECLARE
  is_filled boolean := false;
BEGIN
  IF to_regclass('public.applied') IS NOT NULL THEN
    EXECUTE 'SELECT EXISTS (SELECT FROM public.applied)' INTO is_filled;
  END IF;
  IF NOT is_filled AND to_regclass('public.account') IS NOT NULL THEN
    EXECUTE 'SELECT EXISTS (SELECT FROM public.account)' INTO is_filled;
  END IF;
  RETURN NOT is_filled;
END $body$;
CREATE OR REPLACE FUNCTION siegel_guard.refuse_ddl() RETURNS event_trigger ${SECURED} AS $body$
BEGIN
  IF siegel_guard.is_bare() OR siegel_guard.use_approval(0) THEN RETURN; END IF;
  RAISE EXCEPTION 'the guard: % changes how rows are kept and is not approved. ${NEXT_STEP}', tg_tag USING ERRCODE = '${GUARD_REFUSED}';
END $body$;
DROP EVENT TRIGGER IF EXISTS siegel_guard_ddl;
DROP EVENT TRIGGER IF EXISTS siegel_guard_drop;
CREATE EVENT TRIGGER siegel_guard_ddl ON ddl_command_start EXECUTE FUNCTION siegel_guard.refuse_ddl();
CREATE EVENT TRIGGER siegel_guard_drop ON sql_drop EXECUTE FUNCTION siegel_guard.refuse_ddl();
ALTER EVENT TRIGGER siegel_guard_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER siegel_guard_drop ENABLE ALWAYS;
`;

export type GuardPart = 'core' | 'roles' | 'events';

export const guardCoreSql = TABLES + USE_APPROVAL + TALLY + VOUCH + TRIGGERED;
/** Needs a superuser. */
export const guardEventsSql = EVENTS;

/** Leaves the digest of what was installed, so that the next start need not do it again. */
export function markInstalled(part: GuardPart, sql: string): string {
  return `INSERT INTO siegel_guard.installed VALUES ('${part}', '${digestOf(sql)}') ON CONFLICT (part) DO UPDATE SET digest = excluded.digest;\n`;
}

export function digestOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** What the guard said when it refused; undefined: something else failed. */
export function guardRefusalOf(cause: unknown): string | undefined {
  return cause instanceof DatabaseError && cause.code === GUARD_REFUSED ? cause.message : undefined;
}
