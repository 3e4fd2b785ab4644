// What a Redis or Valkey server must prove before a job's object goes there: nothing on a disk, no copy elsewhere, nothing thrown away, and few rights for us.

import { err, ok, type Result } from '#base/result.ts';
import { KEY_PREFIX, parseInfo, textOf, type Ask, type LineRefusal } from './redis-store.ts';

export type StoreFaultKind =
  'not-provable' | 'disk' | 'copies' | 'eviction' | 'rights' | 'unavailable' | 'place' | 'login' | 'certificate';

export interface StoreFault {
  readonly kind: StoreFaultKind;
  readonly seen: string;
  readonly whatToDo: string;
}

/** Part of the room's self-check, and so of every receipt's digest. */
export interface CheckedStore {
  readonly driver: 'redis';
  readonly version: string;
  readonly persistence: 'off';
  readonly replicas: 0;
  readonly eviction: 'none';
  /** Commands that were tried dry and are denied to us. */
  readonly denied: readonly string[];
}

/** The guide has the same line, and a test compares. */
export const ACL_RULES = `resetkeys ~${KEY_PREFIX}* resetchannels -@all +set +get +del +exists +strlen +pttl +scan +ping +info +config|get +acl|whoami +acl|dryrun`;
const ADVICE = `Give the user these rights and no others: ACL SETUSER siegel on ${ACL_RULES}`;

/** Tried dry: none of them may be ours. */
const DENIED: readonly (readonly string[])[] = [
  ['KEYS', '*'],
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['CONFIG', 'SET', 'save', '60 1'],
  ['CONFIG', 'REWRITE'],
  ['SAVE'],
  ['BGSAVE'],
  ['BGREWRITEAOF'],
  ['DEBUG', 'SLEEP', '0'],
  ['REPLICAOF', 'NO', 'ONE'],
  ['MONITOR'],
  ['SLOWLOG', 'GET'],
  ['SHUTDOWN'],
  ['MIGRATE', 'h', '1', `${KEY_PREFIX}x`, '0', '1'],
  ['DUMP', `${KEY_PREFIX}x`],
  ['PERSIST', `${KEY_PREFIX}x`],
  ['EVAL', 'return 1', '0'],
  ['MODULE', 'LIST'],
  ['ACL', 'SETUSER', 'x'],
  ['GET', 'anything-else'],
];

/** Tried dry: without one of them documents could not be put, or would not be erased. */
const NEEDED: readonly (readonly string[])[] = [
  ['SET', `${KEY_PREFIX}x`, 'x', 'PX', '1'],
  ['GET', `${KEY_PREFIX}x`],
  ['DEL', `${KEY_PREFIX}x`],
  ['EXISTS', `${KEY_PREFIX}x`],
  ['STRLEN', `${KEY_PREFIX}x`],
  ['PTTL', `${KEY_PREFIX}x`],
  ['SCAN', '0'],
];

export async function checkRedis(
  ask: Ask,
): Promise<Result<CheckedStore, { readonly kind: 'unsafe'; readonly faults: readonly StoreFault[] }>> {
  const settings = await readSettings(ask);
  if (!settings.ok) return unsafe([settings.error]);
  const info = await ask(['INFO']);
  if (!info.ok) return unsafe([refusedOr(info.error, 'INFO')]);
  const facts = parseInfo(info.value);
  const rights = await checkRights(ask);
  const faults = [
    ...judgeDisk(settings.value, facts),
    ...judgeCopies(facts),
    ...judgeEviction(settings.value),
    ...rights.faults,
  ];
  if (faults.length > 0) return unsafe(faults);
  const version = facts.get('valkey_version') ?? facts.get('redis_version') ?? 'unknown';
  return ok({ driver: 'redis', version, persistence: 'off', replicas: 0, eviction: 'none', denied: rights.denied });
}

type Settings = ReadonlyMap<string, string>;

async function readSettings(ask: Ask): Promise<Result<Settings, StoreFault>> {
  const found = new Map<string, string>();
  for (const name of ['save', 'appendonly', 'maxmemory-policy']) {
    const asked = await ask(['CONFIG', 'GET', name]);
    if (!asked.ok) return err(refusedOr(asked.error, 'CONFIG GET'));
    if (!Array.isArray(asked.value) || asked.value.length !== 2) return err(notProvable('CONFIG GET'));
    found.set(name, textOf(asked.value[1] ?? ''));
  }
  return ok(found);
}

export const noAnswer: StoreFault = {
  kind: 'unavailable',
  seen: 'the store does not answer',
  whatToDo: 'Start it, and look at the place that transit-store names.',
};

function refusedOr(refusal: LineRefusal, command: string): StoreFault {
  return refusal.kind === 'unavailable' ? noAnswer : notProvable(command);
}

function notProvable(command: string): StoreFault {
  return {
    kind: 'not-provable',
    seen: `the store denies ${command}: what it does with objects cannot be checked`,
    whatToDo: ADVICE,
  };
}

function judgeDisk(settings: Settings, facts: ReadonlyMap<string, string>): readonly StoreFault[] {
  const isSaving = settings.get('save') !== '' || facts.get('rdb_bgsave_in_progress') !== '0';
  const isAppending = settings.get('appendonly') !== 'no' || facts.get('aof_enabled') !== '0';
  if (!isSaving && !isAppending) return [];
  const seen = `the store writes to a disk (${[...(isSaving ? ['save'] : []), ...(isAppending ? ['appendonly'] : [])].join(', ')})`;
  return [
    {
      kind: 'disk',
      seen,
      whatToDo:
        'Set save "" and appendonly no in redis.conf, erase its dump.rdb and appendonlydir, and start it again.',
    },
  ];
}

function judgeCopies(facts: ReadonlyMap<string, string>): readonly StoreFault[] {
  if (facts.get('role') === 'master' && facts.get('connected_slaves') === '0' && facts.get('cluster_enabled') !== '1')
    return [];
  const whatToDo = 'Use a server of its own: no replicaof, no replica attached, no cluster.';
  return [{ kind: 'copies', seen: 'the store copies objects to other machines, or is itself a copy', whatToDo }];
}

function judgeEviction(settings: Settings): readonly StoreFault[] {
  const policy = settings.get('maxmemory-policy');
  if (policy === 'noeviction') return [];
  return [
    {
      kind: 'eviction',
      seen: 'the store throws objects away when it is full',
      whatToDo: 'Set maxmemory-policy noeviction in redis.conf.',
    },
  ];
}

async function checkRights(
  ask: Ask,
): Promise<{ readonly faults: readonly StoreFault[]; readonly denied: readonly string[] }> {
  const user = await ask(['ACL', 'WHOAMI']);
  if (!user.ok) return { faults: [refusedOr(user.error, 'ACL WHOAMI')], denied: [] };
  const tried = new Map<readonly string[], boolean>();
  for (const words of [...DENIED, ...NEEDED]) {
    const asked = await ask(['ACL', 'DRYRUN', textOf(user.value), ...words]);
    // an error here means that the trial itself is denied, or is no part of this server (before 7.0)
    if (!asked.ok) return { faults: [refusedOr(asked.error, 'ACL DRYRUN (from version 7.0 on)')], denied: [] };
    tried.set(words, textOf(asked.value) === 'OK');
  }
  const tooMuch = DENIED.filter((words) => tried.get(words) === true).map(nameOf);
  const missing = NEEDED.filter((words) => tried.get(words) === false).map(nameOf);
  const faults = [
    ...(tooMuch.length > 0 ? [rightsFault(`may do more than it needs (${tooMuch.join(', ')})`)] : []),
    ...(missing.length > 0 ? [rightsFault(`may not do what it needs (${missing.join(', ')})`)] : []),
  ];
  return { faults, denied: DENIED.filter((words) => tried.get(words) === false).map(nameOf) };
}

function nameOf([command = '', second = '']: readonly string[]): string {
  return command === 'CONFIG' || command === 'ACL' ? `${command} ${second}` : command;
}

function rightsFault(what: string): StoreFault {
  return { kind: 'rights', seen: `our user of the store ${what}`, whatToDo: ADVICE };
}

function unsafe(faults: readonly StoreFault[]): {
  readonly ok: false;
  readonly error: { readonly kind: 'unsafe'; readonly faults: readonly StoreFault[] };
} {
  return err({ kind: 'unsafe', faults });
}
