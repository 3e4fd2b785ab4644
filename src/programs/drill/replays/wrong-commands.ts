// R0, R2, R6, R18: rows destroyed by a command in the database; the guard refuses it, or the rows come back from the journal.

import { join } from 'node:path';
import { assert } from '#base/assert.ts';
import { silentLog } from '#base/log/log.ts';
import {
  deleteByAnyId,
  deleteSince,
  HALF_WAY,
  OPTIMISE,
  runUnguarded,
  tryStatements,
  WRONG_OPTIMISE,
} from '#vault/safeguards/drill/wrong-statements.ts';
import { openAt } from '#vault/safeguards/generations/restore-to.ts';
import { tryWrongCommands, triers, wrongCommands } from '#vault/safeguards/guard/wrong-commands.ts';
import { checkLedger } from '#vault/safeguards/ledger/check-ledger.ts';
import { countLetters, type Count } from '../count-letters.ts';
import type { DrillHouse } from '../drill-house.ts';
import { must, openSaga } from '../drill-saga.ts';
import { requireStopped, type Ending, type Replay } from '../replay.ts';

const NEW_LETTERS = 10;
const YOUNG_MS = 20 * 3_600_000;

export function spoil(house: DrillHouse, statements: readonly string[]): Promise<void> {
  return runUnguarded(house.vault.database, Date.now(), statements);
}

/** How many letters the ledger misses where they should lie; it names only the first of many. */
export async function missedByLedger({ vault, facts }: DrillHouse): Promise<number> {
  const { database, journal } = vault;
  const { head, journalHead } = await checkLedger({ database, journal, ledgerKey: facts.kit.ledgerKey });
  return journalHead.places.count - head.places.count;
}

/** A restore as it was done elsewhere: the copy alone, without what came after it. Counts what would serve then. */
async function countOldCopy(house: DrillHouse, point: string): Promise<Count> {
  const { vault, facts, clock } = house;
  const { generations, journal } = vault;
  assert(generations !== undefined, 'a scratch house has generations');
  const found = (await generations.points()).find(({ name }) => name === point);
  assert(found !== undefined, 'the change left a copy');
  const way = { generations, journal, instanceId: facts.kit.instanceId, clock, log: silentLog };
  const opened = await openAt(way, { base: generations.fromPoint(point), until: found.seq });
  if (!opened.ok) throw new Error(opened.error.sentence);
  try {
    return await countLetters({ database: opened.value.database, journal }, facts.letters);
  } finally {
    await opened.value.beside.discard();
  }
}

/** What somebody types past saga and guard, while letters go on coming. */
async function goWrong(house: DrillHouse, statements: readonly string[]): Promise<string> {
  const refusal = await tryStatements(house.vault.database, 'owner', statements);
  requireStopped(refusal !== undefined, 'the guard let the wrong command through');
  await spoil(house, statements);
  await house.receive(NEW_LETTERS);
  return refusal ?? '';
}

const R0: Replay = {
  id: 'R0',
  attempted: 'a signed change optimises the letters’ table; half-way somebody types the wrong command',
  without: 'the proof after the change',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const seen = { refusal: '', missed: 0 };
    const step = async (name: string): Promise<void> => {
      if (name === HALF_WAY) seen.refusal = await goWrong(house, WRONG_OPTIMISE);
      // it has come to its end, and nothing is proved yet
      if (name === 'applied') seen.missed = await missedByLedger(house);
    };
    const twin = { skipsVerify: isSabotaged };
    // where there is none yet, the change takes its backup itself
    const placeDir = isSabotaged ? await stage.nightly() : join(stage.folder, 'place');
    await using saga = await openSaga(house, { placeDir, step, twin });
    if (!isSabotaged) {
      const refused = await saga.refusalOf({ kind: 'sql', sql: WRONG_OPTIMISE.join('; ') });
      requireStopped(refused === 'rehearsalLedger', `as a plan, the wrong command came as far as: ${refused}`);
    }
    const applied = must(await saga.apply(await saga.prepare({ kind: 'sql', sql: OPTIMISE })));
    await house.settle();
    if (isSabotaged) return { stoppedBy: 'nothing', ...(await house.count()) };
    requireStopped(applied.standing === 'undone', `the change is ${applied.standing}`);
    requireStopped(seen.missed >= stage.scale.letters, `the ledger missed ${seen.missed} letters`);
    const words = `as a plan: its rehearsal; typed: the guard (${seen.refusal}); past both: the proof, which missed ${seen.missed} letters and undid the change by itself in ${shown(applied.undoSeconds)}`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

const R2: Replay = {
  id: 'R2',
  attempted: 'everything younger than 20 hours deleted, in the shadow of a signed change, then undone',
  without: 'the journal after the copy of that night',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const statements = deleteSince(Date.now() - YOUNG_MS);
    await using saga = await openSaga(house, { placeDir: await stage.nightly() });
    const number = await saga.prepare({ kind: 'sql', sql: OPTIMISE });
    must(await saga.apply(number));
    await goWrong(house, statements);
    if (isSabotaged) return { stoppedBy: 'nothing', ...(await countOldCopy(house, `change-${number}`)) };
    const missed = await missedByLedger(house);
    const undone = must(await saga.undo(number));
    await house.settle();
    const words = `the guard; past it, the undo of the change: ${missed} letters missed by the ledger and back from its copy and the journal in ${shown(undone.undoSeconds)}`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

export function shown(seconds: number | null): string {
  return `${(seconds ?? 0).toFixed(1)} s`;
}

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
    // one after the other: who waits for the other's locks would be stopped by something else
    for (const role of ['reader', 'app', 'owner'] as const) {
      const answer = await tryStatements(house.vault.database, role, statements);
      const word = role === 'reader' ? 'read-only transaction' : 'the guard:';
      requireStopped(answer?.includes(word) === true, `${role} was stopped by: ${answer ?? 'nothing'}`);
    }
    return { stoppedBy: 'roles (the reader) and the guard (the program, the owner)', ...(await house.count()) };
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
