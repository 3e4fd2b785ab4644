// R0, R2, R6, R18: rows destroyed by a command in the database; the guard refuses it, or the rows come back from the journal.

import { assert } from '#base/assert.ts';
import { silentLog } from '#base/log/log.ts';
import type { Database } from '#vault/database/open-database.ts';
import { checkLedger } from '#vault/safeguards/ledger/check-ledger.ts';
import { openAt, type RestoreOrder } from '#vault/safeguards/generations/restore-to.ts';
import type { RestoreBase } from '#vault/safeguards/generations/restore-base.ts';
import { tryWrongCommands, triers, wrongCommands } from '#vault/safeguards/guard/wrong-commands.ts';
import {
  deleteByAnyId,
  deleteSince,
  runUnguarded,
  tryStatements,
  WRONG_OPTIMISE,
} from '#vault/safeguards/drill/wrong-statements.ts';
import { countLetters, type Count } from '../count-letters.ts';
import type { DrillHouse } from '../drill-house.ts';
import { NotStopped, requireStopped, type Ending, type Replay } from '../replay.ts';

const NEW_LETTERS = 10;
const YOUNG_MS = 20 * 3_600_000;

export function spoil(house: DrillHouse, statements: readonly string[]): Promise<void> {
  return runUnguarded(house.vault.database, Date.now(), statements);
}

/** How many letters the ledger finds missing or misplaced in the rows. */
export async function namedByLedger({ vault, facts }: DrillHouse): Promise<number> {
  const { database, journal } = vault;
  const { letters } = await checkLedger({ database, journal, ledgerKey: facts.kit.ledgerKey });
  return new Set(letters.map(({ letterId }) => letterId)).size;
}

/** Other rows take over once the ledger finds them equal. */
export async function bringBack(house: DrillHouse, order: Omit<RestoreOrder, 'why' | 'reason'>): Promise<number> {
  const { vault, facts } = house;
  assert(vault.restoreTo !== undefined, 'a scratch house has generations');
  const check = async (database: Database): ReturnType<NonNullable<RestoreOrder['check']>> => {
    const report = await checkLedger({ database, journal: vault.journal, ledgerKey: facts.kit.ledgerKey });
    return report.isEqual || order.leaveOut !== undefined
      ? { ok: true, value: undefined }
      : { ok: false, error: { kind: 'unequal', sentence: 'The ledger differs.' } };
  };
  const done = await vault.restoreTo({ check, ...order, reason: 'undone', why: 'a drill' });
  if (!done.ok) throw new NotStopped(done.error.sentence);
  await house.settle();
  const { fill, follow, check: checked, switch: switched } = done.value.seconds;
  return fill + follow + checked + switched;
}

/** A restore as it was done elsewhere: the copy alone, without what came after it. Counts what would serve then. */
export async function countOldCopy(house: DrillHouse, base: RestoreBase, until: number): Promise<Count> {
  const { vault, facts, clock } = house;
  const { generations, journal } = vault;
  assert(generations !== undefined, 'a scratch house has generations');
  const way = { generations, journal, instanceId: facts.kit.instanceId, clock, log: silentLog };
  const opened = await openAt(way, { base, until });
  if (!opened.ok) throw new Error(opened.error.sentence);
  try {
    return await countLetters({ database: opened.value.database, journal }, facts.letters);
  } finally {
    await opened.value.beside.discard();
  }
}

async function takePoint({ vault }: DrillHouse): Promise<{ readonly base: RestoreBase; readonly seq: number }> {
  const { generations } = vault;
  assert(generations !== undefined, 'a scratch house has generations');
  const taken = await generations.takePoint('before-drill');
  if (!taken.ok) throw new Error(taken.error.sentence);
  return { base: generations.fromPoint('before-drill'), seq: taken.value.seq };
}

const R0: Replay = {
  id: 'R0',
  attempted: 'optimise the letters’ table: the wrong command, half-way, then salvage and restore',
  without: 'the guard, and the journal after the copy',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const point = await takePoint(house);
    const refusal = await tryStatements(house.vault.database, 'owner', WRONG_OPTIMISE);
    requireStopped(refusal !== undefined, 'the guard let the wrong command through');
    await spoil(house, WRONG_OPTIMISE);
    await house.receive(NEW_LETTERS);
    if (isSabotaged) return { stoppedBy: 'nothing', ...(await countOldCopy(house, point.base, point.seq)) };
    const named = await namedByLedger(house);
    requireStopped(named === stage.scale.letters, `the ledger named ${named} letters`);
    const seconds = await bringBack(house, { base: point.base });
    const words = `the guard (${refusal ?? ''}); past it, ${named} letters named by the ledger and back from copy and journal in ${seconds.toFixed(1)} s`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

const R2: Replay = {
  id: 'R2',
  attempted: 'everything younger than 20 hours deleted, then undone',
  without: 'the journal after the copy of that night',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const statements = deleteSince(Date.now() - YOUNG_MS);
    const refusal = await tryStatements(house.vault.database, 'app', statements);
    requireStopped(refusal !== undefined, 'the guard let the deletion through');
    await spoil(house, statements);
    await house.receive(NEW_LETTERS);
    const base = { kind: 'journal' } as const;
    // half of the letters are two days old, and each takes one record after those of its people
    const oldSeq = house.vault.journal.durableSeq - NEW_LETTERS - (stage.scale.letters - (stage.scale.letters >> 1));
    if (isSabotaged) return { stoppedBy: 'nothing', ...(await countOldCopy(house, base, oldSeq)) };
    const named = await namedByLedger(house);
    const seconds = await bringBack(house, { base });
    const words = `the guard; past it, ${named} letters named by the ledger and back from the journal alone in ${seconds.toFixed(1)} s`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

const R6: Replay = {
  id: 'R6',
  attempted: 'ids of mailboxes handed to the deletion of accounts, by a script that finds an account for any id',
  without: 'the guard',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const statements = deleteByAnyId(house.accounts.map(({ inbox }) => inbox));
    if (isSabotaged) {
      await spoil(house, statements);
      return { stoppedBy: 'nothing', ...(await house.count()) };
    }
    const answers = await Promise.all(
      (['reader', 'app', 'owner'] as const).map((role) => tryStatements(house.vault.database, role, statements)),
    );
    requireStopped(
      answers.every((answer) => answer !== undefined),
      'the guard let the script through',
    );
    return { stoppedBy: `the guard: ${answers[1] ?? ''}`, ...(await house.count()) };
  },
};

const R18: Replay = {
  id: 'R18',
  attempted: 'sixteen wrong SQL commands, each as reader, program, owner and superuser',
  without: 'the guard',
  async run(stage, isSabotaged): Promise<Ending> {
    const house = await stage.house();
    if (isSabotaged) {
      await spoil(house, wrongCommands[0]?.statements ?? []);
      return { stoppedBy: 'nothing', ...(await house.count()) };
    }
    const { generations } = house.vault;
    assert(generations !== undefined, 'a scratch house has generations');
    const url = new URL(generations.url);
    const host = url.searchParams.get('host') ?? '';
    const attempts = await tryWrongCommands({ host, port: 5432, database: url.pathname.slice(1) });
    const through = attempts.filter(({ refusal }) => refusal === undefined);
    requireStopped(
      through.length === 0,
      `${through.map(({ command, trier }) => `${command} as ${trier}`).join(', ')} went through`,
    );
    const words = `roles and guard refused ${attempts.length} of ${wrongCommands.length * triers.length} attempts`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

export const wrongCommandReplays: readonly Replay[] = [R0, R2, R6, R18];
