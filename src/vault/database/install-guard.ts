// Brings roles and guard to a database of the operator's own, as far as its user may; what it may not is said, not forced.

import { DatabaseError } from 'pg';
import { digestOf, guardCoreSql, guardEventsSql, markInstalled, type GuardPart } from './guard-core.ts';
import { externalRolesSql, roles } from './postgres/roles.ts';
import type { Session } from './session.ts';

/** Which parts stand. In a cluster of ours all do, and the superuser is sealed. */
export interface GuardParts {
  readonly core: boolean;
  readonly roles: boolean;
  /** Refuses tables made, changed or dropped without approval; only a superuser can have it. */
  readonly events: boolean;
  /** Nobody signs in above the guard. */
  readonly isSealed: boolean;
}

export const allParts: GuardParts = { core: true, roles: true, events: true, isSealed: true };

const SCRIPTS: readonly (readonly [GuardPart, string])[] = [
  ['core', guardCoreSql],
  ['roles', externalRolesSql],
  ['events', guardEventsSql],
];
const READ_INSTALLED = 'SELECT part, digest FROM siegel_guard.installed';
const MAY_BECOME = `
  SELECT rolsuper AS is_super,
    coalesce((SELECT bool_and(pg_has_role(current_user, r.oid, 'MEMBER')) AND count(*) = 3 FROM pg_roles r
      WHERE r.rolname IN ('${roles.reader}', '${roles.app}', '${roles.owner}')), false) AS may_become
  FROM pg_roles WHERE rolname = current_user`;
/** Two programs that start at once install one after the other. */
const LOCK = 'SELECT pg_advisory_xact_lock(5400762)';
/** A guard that is there refuses what would change it; whoever made it may put it off for one transaction. */
const PUT_OFF = 'DROP EVENT TRIGGER IF EXISTS siegel_guard_ddl; DROP EVENT TRIGGER IF EXISTS siegel_guard_drop;';
const TRIES_MAX = 5;

/** `session`: the user of DATABASE_URL itself. Does nothing where everything stands already. */
export async function installGuard(session: Session): Promise<GuardParts> {
  const { is_super: isSuper } = await readRights(session);
  const installed = await readInstalled(session);
  const isNew = SCRIPTS.some(([part, sql]) => installed.get(part) !== digestOf(sql));
  if (isNew) await install(session, isSuper);
  const now = isNew ? await readInstalled(session) : installed;
  const stands = (part: GuardPart): boolean =>
    SCRIPTS.some(([of, sql]) => of === part && now.get(part) === digestOf(sql));
  const { may_become: mayBecome } = await readRights(session);
  return { core: stands('core'), roles: stands('roles') && mayBecome, events: stands('events'), isSealed: false };
}

async function install(session: Session, isSuper: boolean): Promise<void> {
  if (isSuper) {
    const all = SCRIPTS.map(([part, sql]) => sql + markInstalled(part, sql)).join('');
    if (await tried(session, `${PUT_OFF}${all}`)) return;
  }
  for (const [part, sql] of SCRIPTS) {
    if (part === 'events' || !(await tried(session, sql + markInstalled(part, sql)))) return;
  }
}

/** False when the user may not. Two databases of one cluster that change the same role at once collide: tried again. */
async function tried(session: Session, sql: string): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await session.transaction(async () => {
        await session.script(LOCK);
        await session.script(sql);
      });
      return true;
    } catch (cause) {
      if (!(cause instanceof DatabaseError)) throw cause;
      const isCollision = cause.code === 'XX000' || cause.code === '23505' || cause.code === '40P01';
      if (isCollision && tries < TRIES_MAX) continue;
      if (NOT_ALLOWED.has(cause.code ?? '')) return false;
      throw cause;
    }
  }
}

/** insufficient_privilege, invalid_grant_operation, read_only_sql_transaction. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['42501', '0LP01', '25006']);

async function readInstalled(session: Session): Promise<ReadonlyMap<string, string>> {
  const [known] = await session.rows<{ there: boolean }>(
    `SELECT to_regclass('siegel_guard.installed') IS NOT NULL AS there`,
  );
  if (known?.there !== true) return new Map();
  const rows = await session.rows<{ part: string; digest: string }>(READ_INSTALLED);
  return new Map(rows.map(({ part, digest }) => [part, digest]));
}

async function readRights(session: Session): Promise<{ readonly is_super: boolean; readonly may_become: boolean }> {
  const [row] = await session.rows<{ is_super: boolean; may_become: boolean }>(MAY_BECOME);
  return row ?? { is_super: false, may_become: false };
}
