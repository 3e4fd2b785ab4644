// What the guard consists of inside PostgreSQL, as one digest: a trigger or function that was changed, disabled or taken away shows.

import { createHash } from 'node:crypto';
import type { Session } from '../../database/session.ts';

/** Names instead of numbers, and the texts as they were given: the same in every cluster and version of PostgreSQL. */
const TRIGGERS = `
  SELECT concat_ws(' ', 'trigger', c.relname, t.tgname, t.tgtype, t.tgenabled, t.tgdeferrable, t.tginitdeferred, p.proname,
      (SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(t.tgattr)),
      t.tgoldtable, encode(t.tgargs, 'hex'), substring(pg_get_triggerdef(t.oid) FROM ' WHEN (.*) EXECUTE ')) AS part
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE NOT t.tgisinternal AND n.nspname IN ('public', 'siegel_guard') AND t.tgname LIKE 'guard\\_%'`;
const FUNCTIONS = `
  SELECT concat_ws(' ', 'function', p.proname, pg_get_function_identity_arguments(p.oid), p.prosecdef, l.lanname,
      array_to_string(p.proconfig, ','), md5(p.prosrc)) AS part
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE n.nspname = 'siegel_guard'`;
const EVENTS = `
  SELECT concat_ws(' ', 'event', e.evtname, e.evtevent, e.evtenabled, p.proname, array_to_string(e.evttags, ',')) AS part
  FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid WHERE e.evtname LIKE 'siegel\\_guard\\_%'`;

export interface Fingerprint {
  readonly digest: string;
  readonly parts: readonly string[];
}

/** `withEvents`: false where the user may not have event triggers, and nothing is expected of them. */
export async function readFingerprint(session: Session, withEvents: boolean): Promise<Fingerprint> {
  const sql = withEvents
    ? `${TRIGGERS} UNION ALL ${FUNCTIONS} UNION ALL ${EVENTS}`
    : `${TRIGGERS} UNION ALL ${FUNCTIONS} AND p.proname NOT IN ('is_bare', 'refuse_ddl')`;
  const rows = await session.rows<{ part: string }>(sql);
  const parts = rows.map(({ part }) => part).toSorted();
  return { digest: createHash('sha256').update(parts.join('\n')).digest('hex'), parts };
}
