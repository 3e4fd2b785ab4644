// For tests of this room: a house of one table in a real PostgreSQL, operators with real keys, and neighbours that can be made to fail.

import { generateKeyPairSync, sign, createHash, type KeyObject } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { manualClock } from '#base/clock.ts';
import { newId, type OperatorId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64 } from '#formats/base64/base64.ts';
import { joinStrings } from '#formats/sshsig/ssh-fields.ts';
import { sshSignedBytes, writeSshSignature } from '#formats/sshsig/ssh-signature.ts';
import { MAKE_REGISTER } from '../../database/migrate.ts';
import { openDatabase, type Database } from '../../database/open-database.ts';
import { openSession, type Session } from '../../database/session.ts';
import { newDatabase } from '../../database/test-house.ts';
import type { TestCluster } from '../../database/test-cluster.ts';
import type { RegisterEntry } from '../../directory/directory.ts';
import { ChangeBook } from './change-book.ts';
import type { GenerationsNeighbour, HouseNote, LedgerFinding, Refused, Shadow } from './neighbours.ts';
import { operatorContent, type OperatorContent, type OperatorRole } from './operators.ts';
import type { ChangeParts } from './parts.ts';
import type { ClusterFacts } from './plan.ts';

/** The end of the program, as its own steps see it. */
export class Killed extends Error {}

export interface TestOperator {
  readonly operatorId: OperatorId;
  readonly content: OperatorContent;
  /** A file as ssh-keygen -Y sign writes it. */
  sign(plan: string, namespace?: string): string;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function makeOperator(name: string, role: OperatorRole = 'operator'): TestOperator {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = fromBase64(String(publicKey.export({ format: 'jwk' })['x'])) ?? new Uint8Array();
  const blob = joinStrings(utf8('ssh-ed25519'), point);
  const sshKey = `ssh-ed25519 ${toBase64(blob)}`;
  const content = { name, sshKey, accountId: null, role, procedure: null, standing: null };
  return {
    operatorId: newId<OperatorId>(),
    content,
    sign: (plan, namespace = 'siegel-change') => signFile({ privateKey, blob }, plan, namespace),
  };
}

function signFile(
  { privateKey, blob }: { readonly privateKey: KeyObject; readonly blob: Uint8Array },
  message: string,
  namespace: string,
): string {
  const about = { namespace, reserved: new Uint8Array(0), hash: 'sha512' } as const;
  const signed = sshSignedBytes(about, createHash('sha512').update(message).digest());
  const signature = joinStrings(utf8('ssh-ed25519'), sign(null, signed, privateKey));
  return writeSshSignature({ keyBlob: blob, namespace, hash: about.hash, signature });
}

export const ROWS = 5_000;
const MAKE = `
  CREATE TABLE note (account_id uuid NOT NULL, n integer NOT NULL, text text NOT NULL, PRIMARY KEY (account_id, n));
  INSERT INTO note SELECT ('00000000-0000-0000-0000-0000000000' || lpad((n % 7)::text, 2, '0'))::uuid, n, 'note ' || n
  FROM generate_series(1, ${ROWS}) n;`;

export interface TestChanges {
  readonly clock: ReturnType<typeof manualClock>;
  /** What outlives the program: journal, databases, copies. */
  readonly lasting: Lasting;
  /** A program that begins (again) on it. `diesAt`: the how-manieth step it does not survive. */
  begin(diesAt?: number): ChangeParts;
  /** Steps since it began. */
  readonly stepsSeen: () => number;
  close(): Promise<void>;
}

export interface Lasting {
  readonly entries: { kind: 'operator' | 'change'; entry: RegisterEntry }[];
  readonly notices: string[];
  readonly receipts: Record<string, string | number>[];
  generation: string;
  cluster: ClusterFacts;
  backup: { id: string; verifiedMs: number } | undefined;
  backupPlace: string | undefined;
  isExternal: boolean;
  ledger: LedgerFinding;
  /** What verify finds wrong, once it looks. */
  indexes: Result<void, Refused>;
  live(): Promise<Session>;
}

let copies = 0;

/** The rows as they are, in a database of their own. */
async function copyDatabase(cluster: TestCluster, template: string): Promise<Database> {
  const name = `copy${++copies}`;
  await using session = await openSession({ connectionString: cluster.url('postgres') });
  for (let tries = 0; ; tries += 1) {
    try {
      await session.script(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      break;
    } catch (cause) {
      // somebody of before has not quite left the template
      if (tries === 20) throw cause;
      await wait(50);
    }
  }
  return openDatabase(cluster.url(name), silentLog);
}

const EQUAL: LedgerFinding = { isEqual: true, sentence: '5,000 notes' };

export async function openTestChanges(cluster: TestCluster): Promise<TestChanges> {
  const clock = manualClock(1_790_000_000_000);
  const databases = new Map<string, Database>();
  const names = new Map<string, string>();
  const nameOf = (generation: string): string => names.get(generation) ?? '';
  const keepAs = async (generation: string, database: Database): Promise<void> => {
    databases.set(generation, database);
    await using session = await database.connectAs('owner');
    const [row] = await session.rows<{ name: string }>('SELECT current_database() AS name');
    names.set(generation, row?.name ?? '');
  };
  const fill = async (): Promise<Database> => {
    const database = await newDatabase(cluster);
    await using session = await database.connectAs('owner');
    await session.script(`${MAKE_REGISTER}; ${MAKE}`);
    return database;
  };
  await keepAs('gen-0001', await fill());
  const connectLive = (): Promise<Session> => {
    const database = databases.get(lasting.generation);
    if (database === undefined) throw new Error('no live generation');
    return database.connectAs('owner');
  };
  const lasting: Lasting = {
    entries: [],
    notices: [],
    receipts: [],
    generation: 'gen-0001',
    cluster: {
      instance: 'house',
      systemIdentifier: '1',
      generation: 'gen-0001',
      host: 'here',
      program: 'one',
      postgres: '18',
      schema: 5,
    },
    backup: { id: 'b1', verifiedMs: clock.nowMs() },
    backupPlace: '/backups',
    isExternal: false,
    ledger: EQUAL,
    indexes: ok(undefined),
    live: connectLive,
  };
  const made: Database[] = [];
  const generations: GenerationsNeighbour = {
    hasCopies: true,
    async openShadow() {
      const database = await copyDatabase(cluster, nameOf(lasting.generation));
      const shadow: Shadow = {
        connect: () => database.connectAs('owner'),
        checkLedger: async () => lasting.ledger,
        close: () => database.close(),
      };
      return ok(shadow);
    },
    takePoint: async (change) => ok({ name: `point-${change}`, seq: 10 }),
    dropPoint: async () => undefined,
    async restore({ again }) {
      const database = await fill();
      made.push(database);
      try {
        await using session = await database.connectAs('owner');
        await again(session);
      } catch (cause) {
        if (cause instanceof Killed) throw cause;
        return err({ kind: 'again', sentence: String(cause) });
      }
      const name = `gen-${String(databases.size + 1).padStart(4, '0')}`;
      await keepAs(name, database);
      lasting.generation = name;
      lasting.cluster = { ...lasting.cluster, generation: name };
      return ok({ generation: name, seconds: 1 });
    },
  };
  let steps = 0;
  return {
    clock,
    lasting,
    stepsSeen: () => steps,
    begin(diesAt = Infinity) {
      steps = 0;
      const isDead = (): boolean => steps >= diesAt;
      const step = async (): Promise<void> => {
        steps += 1;
        if (isDead()) throw new Killed();
      };
      return makeParts({ clock, lasting, step, generations, isDead });
    },
    async close() {
      for (const database of [...databases.values(), ...made]) await database.close().catch(() => undefined);
    },
  };
}

interface PartsFacts {
  readonly clock: TestChanges['clock'];
  readonly lasting: Lasting;
  readonly step: () => Promise<void>;
  readonly generations: GenerationsNeighbour;
  readonly isDead: () => boolean;
}

function makeParts({ clock, lasting, step, generations, isDead }: PartsFacts): ChangeParts {
  const note = async (command: HouseNote): Promise<Result<{ seq: number; timeMs: number }, Refused>> => {
    if (isDead()) throw new Killed();
    const at = { seq: lasting.entries.length + 1, timeMs: clock.nowMs() };
    keep(lasting, command, at);
    return ok(at);
  };
  const register = {
    read: (kind: 'operator' | 'change') => lasting.entries.filter((one) => one.kind === kind).map(({ entry }) => entry),
    note,
    get lastMs() {
      return Math.max(0, ...lasting.entries.map(({ entry }) => entry.timeMs));
    },
  };
  return {
    clock,
    log: silentLog,
    book: new ChangeBook(register, clock),
    step,
    rows: {
      cluster: async () => ok(lasting.cluster),
      connect: lasting.live,
      heads: async () => ({ appliedSeq: 10, letters: 'l', places: 'p' }),
      checkLedger: async () => lasting.ledger,
      checkIndexes: async () => lasting.indexes,
      settled: async () => true,
      generations: lasting.isExternal ? undefined : generations,
    },
    backups: {
      place: lasting.backupPlace,
      newest: async () => lasting.backup,
      take: async () => ok((lasting.backup = { id: 'b2', verifiedMs: clock.nowMs() })),
    },
    commands: { find: async () => ok({ seqs: [4, 5], byKind: { lettersRemoved: 2 } }) },
    people: {
      tell: async ({ subject }) => lasting.notices.push(subject),
      tryLetter: async () => ok('arrived'),
      receipt: async (kind, facts) => void lasting.receipts.push({ ...facts, receipt: kind }),
    },
  };
}

function keep(lasting: Lasting, command: HouseNote, at: { readonly seq: number; readonly timeMs: number }): void {
  if (command.kind === 'changeStepped') {
    const { change, step, facts } = command.effect;
    lasting.entries.push({ kind: 'change', entry: { id: String(change), ...at, content: { step, facts } } });
    return;
  }
  const { operatorId } = command.effect;
  const at0 = lasting.entries.findIndex(({ kind, entry }) => kind === 'operator' && entry.id === operatorId);
  if (at0 >= 0) lasting.entries.splice(at0, 1);
  if (command.kind === 'operatorPut')
    lasting.entries.push({ kind: 'operator', entry: { id: operatorId, ...at, content: command.effect.content } });
}

/** Puts operators into the register as the first one is put there: without a change. */
export async function nameOperators(parts: ChangeParts, operators: readonly TestOperator[]): Promise<void> {
  for (const { operatorId, content } of operators)
    await parts.book.note({ kind: 'operatorPut', effect: { operatorId, content: operatorContent(content) } });
}
