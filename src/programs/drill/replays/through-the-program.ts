// R7, R8, R14, R15: letters taken away by the program itself, and what brings them back while it goes on.

import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { assert } from '#base/assert.ts';
import { childEnvironment } from '#base/config/read.ts';
import type { AccountId, LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { ok } from '#base/result.ts';
import type { CommitDoor } from '#vault/database/commit.ts';
import { readLetterIds } from '#vault/database/read-letters.ts';
import type { LetterEntry } from '#vault/journal/journal.ts';
import { CLEAR_ROWS, OPTIMISE, WRONG_OPTIMISE } from '#vault/safeguards/drill/wrong-statements.ts';
import type { Vault } from '../../server/open-vault.ts';
import { createRestoreHandlers } from '../../server/restore-handlers.ts';
import { houseBackups, mustBackUp, restoreFrom } from '../drill-backups.ts';
import type { DrillHouse } from '../drill-house.ts';
import { must, openSaga } from '../drill-saga.ts';
import { makeLetter, type DrillAccount } from '../make-letters.ts';
import { requireStopped, type Replay, type Stage } from '../replay.ts';
import { writeKitForChild } from '../undo-house.ts';
import { missedByLedger, shown, spoil } from './wrong-commands.ts';
import { forget } from './wrong-numbers.ts';

const NEW_LETTERS = 10;
/** Between two letters to those who are not struck. */
const LIFE_MS = 20;
const IMPORTED = 12;
const IDS_MAX = 1_000;

async function removeLetters(
  house: DrillHouse,
  accountId: AccountId,
  ids: readonly LetterId[],
  undoMs: number = limits.letters.undoMs,
): Promise<void> {
  if (ids.length === 0) return;
  const purgeMs = house.clock.nowMs() + undoMs;
  await house.must(accountId, { kind: 'lettersRemoved', effect: { ids, purgeMs, freedBytes: 0 } });
}

function lettersOf({ facts }: DrillHouse, accountId: AccountId): readonly LetterId[] {
  return facts.letters.flatMap((one) => (one.accountId === accountId ? [one.letterId] : []));
}

const R7: Replay = {
  id: 'R7',
  attempted: 'a part of the accounts emptied (883 of 10,000), brought back one by one while all others go on working',
  without: 'the restore of single accounts: the whole house put back to the backup',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const { many, struck } = stage.scale;
    await house.signUp(many - house.accounts.length);
    await house.receive(many);
    const placeDir = join(stage.folder, 'place');
    await mustBackUp(house, { placeDir });
    const hit = house.accounts.slice(0, struck);
    const others = house.accounts.slice(struck);
    for (const { id } of hit) await removeLetters(house, id, lettersOf(house, id));
    await house.receive(NEW_LETTERS, others);
    if (isSabotaged) {
      await house.close();
      await using old = await restoreFrom(placeDir, house, stage.folder);
      return { stoppedBy: 'nothing', ...(await old.count()) };
    }
    const life = beginLife(house, others);
    const order = { placeDir, accounts: hit, vault: house.vault };
    const { looked } = must(await restoreAccounts(house, order).finally(() => life.end()));
    const came = await life.came;
    await house.settle();
    const words = `siegel restore account: ${looked} letters of ${struck} accounts; meanwhile ${came} letters came to the others and none was refused`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

function beginLife(
  house: DrillHouse,
  others: readonly DrillAccount[],
): { end(): void; readonly came: Promise<number> } {
  const over = new AbortController();
  const came = (async () => {
    let count = 0;
    while (!over.signal.aborted) {
      count += (await house.keep(1, others.slice(count % others.length))).length;
      await wait(LIFE_MS);
    }
    return count;
  })();
  return { end: () => over.abort(), came };
}

interface Restoring {
  readonly placeDir: string;
  readonly accounts: readonly DrillAccount[];
  readonly vault: Vault;
}

/** As the operator’s command does it. */
async function restoreAccounts(
  house: DrillHouse,
  { placeDir, accounts, vault }: Restoring,
): ReturnType<ReturnType<typeof createRestoreHandlers>['restore.account']> {
  const backups = await houseBackups(house, { placeDir });
  const handlers = createRestoreHandlers({ config: { domain: 'drill.example' }, vault, backups });
  const addresses = accounts.map(({ address }) => address);
  return handlers['restore.account']({ addresses, apply: true }, () => undefined);
}

const R8: Replay = {
  id: 'R8',
  attempted: 'a faulty build deletes letters through the program itself; the undo leaves its commands out',
  without: 'leaving them out: rows are only made anew',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const point = await house.vault.generations?.takePoint('day-before');
    requireStopped(point?.ok === true, 'no copy of the night before could be made');
    await house.reopen({ version: 'faulty' });
    for (const { id } of house.accounts) await removeLetters(house, id, lettersOf(house, id).slice(0, 5));
    await house.receive(NEW_LETTERS);
    await house.reopen();
    await house.receive(NEW_LETTERS);
    const build = createHash('sha256').update('faulty').digest().subarray(0, 8).toString('hex');
    await using saga = await openSaga(house, { placeDir: await stage.nightly() });
    const number = await saga.prepare({ kind: 'restore', leaveOut: isSabotaged ? {} : { build } });
    const done = must(await saga.apply(number));
    await house.settle();
    requireStopped(done.standing === 'verified', `the change is ${done.standing}`);
    const left = done.because.at(-1) ?? '';
    requireStopped(isSabotaged || left.startsWith(`R1 ${house.accounts.length} × lettersRemoved`), left);
    const words = `the signed restore by build (${left}): the letters that came with that build kept, from the copy before it and the journal, ${shown(done.actual?.seconds ?? null)}`;
    return { stoppedBy: isSabotaged ? 'nothing' : words, ...(await house.count()) };
  },
};

const R14: Replay = {
  id: 'R14',
  attempted:
    'the undo of a change killed twice (kill -9: while rows are made, and before they take over), then left to the next start',
  without: 'rows beside: the undo clears the rows that serve and fills them again',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    if (isSabotaged) {
      // in place: emptied, and killed before they were filled
      await spoil(house, CLEAR_ROWS);
      await house.reopen();
      return { stoppedBy: 'nothing', ...(await house.count()) };
    }
    const placeDir = await stage.nightly();
    const number = await changeAndSpoil(house, placeDir);
    await house.close();
    for (const at of ['following', 'checking'] as const) await undoUntilKilled(stage, house, { at, number, placeDir });
    await house.open();
    const serving = (await house.vault.generations?.list())?.filter(({ retiredMs }) => retiredMs === undefined).length;
    requireStopped(serving === 1, `${serving ?? 0} generations are left of the killed undos`);
    const before = await missedByLedger(house);
    requireStopped(before > 0, 'a killed undo had taken over');
    await using saga = await openSaga(house, { placeDir });
    const undone = await saga.goOn(number);
    requireStopped(undone.standing === 'undone', `the change is ${undone.standing}`);
    await house.settle();
    const words = `rows beside: both kills left the old ones serving; the third start carried the undo through by itself, in ${shown(undone.undoSeconds)}`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

/** A change that stands, and then the wrong command past the guard. */
async function changeAndSpoil(house: DrillHouse, placeDir: string): Promise<number> {
  await using saga = await openSaga(house, { placeDir });
  const number = await saga.prepare({ kind: 'sql', sql: OPTIMISE });
  must(await saga.apply(number));
  await spoil(house, WRONG_OPTIMISE);
  await house.receive(NEW_LETTERS);
  return number;
}

interface Kill {
  readonly at: 'following' | 'checking';
  readonly number: number;
  readonly placeDir: string;
}

/** A process of its own opens the house and undoes; it is killed when it says that it has come so far. */
async function undoUntilKilled(stage: Stage, house: DrillHouse, { at, number, placeDir }: Kill): Promise<void> {
  const kitFile = await writeKitForChild(stage.folder, house.facts.kit);
  const script = fileURLToPath(new URL('../undo-house.ts', import.meta.url));
  const words = [script, house.dataDir, kitFile, stage.machine.native, placeDir, String(number), at];
  const child = spawn(process.execPath, words, { env: childEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  assert(child.stdout !== null, 'its output is a pipe');
  let isKilled = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== at) continue;
    isKilled = child.kill('SIGKILL');
    break;
  }
  await gone;
  if (!isKilled) throw new Error(`the undo ended before it said ${at}`);
}

const R15: Replay = {
  id: 'R15',
  attempted: 'an import out of a backup that says yes to 12 letters, and dropped one, doubled one and cut one short',
  without: 'the count in the journal afterwards: its own word is believed',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    await house.signUp(1);
    const account = house.accounts.at(-1);
    assert(account !== undefined, 'an account was just made');
    await house.receive(IMPORTED, [account]);
    const placeDir = join(stage.folder, 'place');
    await mustBackUp(house, { placeDir });
    await eraseLetters(house, account, lettersOf(house, account.id));
    const bad = { ...house.vault, door: badImporter(house, account) };
    const imported = await restoreAccounts(house, { placeDir, accounts: [account], vault: bad });
    await house.settle();
    if (isSabotaged) return { stoppedBy: 'nothing', ...(await house.count()) };
    requireStopped(!imported.ok, 'its own word was believed');
    const known = new Set(lettersOf(house, account.id));
    const there = await readLetterIds(house.vault.database.reader.db, account.id, IDS_MAX);
    const extra = there.filter((id) => !known.has(id));
    const again = must(await restoreAccounts(house, { placeDir, accounts: [account], vault: house.vault }));
    await eraseLetters(house, account, extra);
    const words = `the count after siegel restore account (${imported.ok ? '' : imported.error.sentence}): ${again.appended} letters came with the second run, ${extra.length} went`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

/** For good: neither row nor record is left. */
async function eraseLetters(house: DrillHouse, { id }: DrillAccount, ids: readonly LetterId[]): Promise<void> {
  await removeLetters(house, id, ids, 0);
  const erased = await forget(house);
  requireStopped(erased === ids.length, `${erased} of ${ids.length} letters were erased`);
}

/** The first is dropped, the second comes twice, the third without its second half; each time the answer is yes. */
function badImporter({ vault, facts, clock }: DrillHouse, account: DrillAccount): CommitDoor {
  const { door } = vault;
  let count = 0;
  const keepAnother = (entry: LetterEntry, packet: Uint8Array): ReturnType<CommitDoor['keepLetter']> => {
    const { ledgerKey } = facts.kit;
    const other = makeLetter({ account, ledgerKey, packet, receivedMs: clock.nowMs() }).entry;
    const actor = entry.copies[0]?.actor ?? { kind: 'tool', id: new Uint8Array(16) };
    return door.keepLetter({ ...other, copies: other.copies.map((copy) => ({ ...copy, actor })) });
  };
  const keepLetter: CommitDoor['keepLetter'] = async (entry) => {
    count += 1;
    if (count === 1) return ok([]);
    if (count === 2) await keepAnother(entry, entry.packet);
    return count === 3 ? keepAnother(entry, entry.packet.subarray(0, 200)) : door.keepLetter(entry);
  };
  return new Proxy(door, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name, target);
      if (name === 'keepLetter') return keepLetter;
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

export const throughTheProgramReplays: readonly Replay[] = [R7, R8, R14, R15];
