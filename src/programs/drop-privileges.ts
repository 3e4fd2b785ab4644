// Started by root, the program binds its ports and then becomes an ordinary user for good.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { err, ok, type Result } from '#base/result.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

export interface RunAs {
  /** Undefined: we are no root and stay who we are. */
  readonly identity: Identity | undefined;
  readonly warnings: readonly string[];
}

export interface IdentityRefusal {
  readonly kind: 'no-such-user' | 'not-root' | 'is-root';
  readonly sentence: string;
}

const DEFAULT_USER = 'siegel';
const LAST_RESORT = 'nobody';

/** Who the program will be. `wanted` is the option run-as. */
export function chooseIdentity(
  wanted: string | undefined,
  ownUid: number | undefined = process.getuid?.(),
): Result<RunAs, IdentityRefusal> {
  if (ownUid !== 0) return stayOrRefuse(wanted, ownUid);
  if (wanted !== undefined) {
    const identity = findUser(wanted);
    if (identity === undefined) {
      return err({
        kind: 'no-such-user',
        sentence: `run-as names ${wanted}, but this machine has no such user. Create it, or name another.`,
      });
    }
    if (identity.uid === 0) {
      return err({
        kind: 'is-root',
        sentence: 'run-as names root. Name an ordinary user: siegel opens its ports first and needs no more than that.',
      });
    }
    return ok({ identity, warnings: [] });
  }
  const own = findUser(DEFAULT_USER);
  if (own !== undefined) return ok({ identity: own, warnings: [] });
  const identity = findUser(LAST_RESORT);
  if (identity === undefined) {
    return err({
      kind: 'no-such-user',
      sentence: `there is neither a user ${DEFAULT_USER} nor ${LAST_RESORT}. Create one and name it with SIEGEL_RUN_AS.`,
    });
  }
  const warning = `Runs as ${LAST_RESORT}, whom other services may share. Better: useradd --system ${DEFAULT_USER}, then start again.`;
  return ok({ identity, warnings: [warning] });
}

/** Becomes that user, with his groups and no way back. All threads of the process change together. */
export function becomeUser(identity: Identity): void {
  if (process.setgroups === undefined || process.setgid === undefined || process.setuid === undefined) {
    throw new Error('this platform has no users to become');
  }
  // Later its folder may be closed to us.
  flushCompileCache();
  process.setgroups([identity.gid]);
  process.setgid(identity.gid);
  process.setuid(identity.uid);
  if (mayReturn()) throw new Error('rights were dropped but could be taken back');
}

function mayReturn(): boolean {
  try {
    process.setuid?.(0);
    return true;
  } catch {
    return false;
  }
}

function stayOrRefuse(wanted: string | undefined, ownUid: number | undefined): Result<RunAs, IdentityRefusal> {
  if (wanted !== undefined && findUser(wanted)?.uid !== ownUid) {
    return err({
      kind: 'not-root',
      sentence: `run-as names ${wanted}, but only root can become another user. Start as root, or leave it out.`,
    });
  }
  return ok({ identity: undefined, warnings: [] });
}

/** By name or number: the local file first, then whatever else the machine asks for its users. */
export function findUser(nameOrUid: string): Identity | undefined {
  const lines = readPasswd();
  const asked = spawnSync('getent', ['passwd', nameOrUid], { encoding: 'utf8' });
  const candidates = [...lines, ...(asked.status === 0 ? asked.stdout.split('\n') : [])];
  for (const line of candidates) {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    const isMeant = name === nameOrUid || uid === nameOrUid;
    if (isMeant && /^\d+$/.test(uid) && /^\d+$/.test(gid)) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

function readPasswd(): readonly string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n');
  } catch {
    return [];
  }
}
