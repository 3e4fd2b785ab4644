// R11, R12, R17: a value that is blank, a clock that jumps, numbers near their end.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clockStartingAt, systemClock } from '#base/clock.ts';
import { readConfig } from '#base/config/read.ts';
import { optionEnv, optionKeys } from '#base/config/options.ts';
import { limits } from '#base/limits.ts';
import { silentLog } from '#base/log/log.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { openJournal } from '#vault/journal/open-journal.ts';
import { Backups } from '#vault/safeguards/backup/backups.ts';
import { checkSetting } from '#vault/safeguards/change/settings.ts';
import { createDayKeeper } from '#vault/safeguards/forgetting/day-keeper.ts';
import { createForgetting } from '#vault/safeguards/forgetting/forgetting.ts';
import { journalFolder, JOURNAL_NUMBER } from '../../server/open-vault.ts';
import { backupsOptions, mustBackUp, restoreFrom } from '../drill-backups.ts';
import type { DrillHouse } from '../drill-house.ts';
import { makeLetter, type KnownLetter } from '../make-letters.ts';
import { NotStopped, requireStopped, type Replay } from '../replay.ts';

const NEW_LETTERS = 10;
const DELETED = 5;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** A person deletes letters and may still change his mind. */
async function removeSome(house: DrillHouse, undoMs: number): Promise<readonly KnownLetter[]> {
  const letters = house.facts.letters.slice(0, DELETED);
  for (const { accountId, letterId } of letters) {
    const effect = { ids: [letterId], purgeMs: house.clock.nowMs() + undoMs, freedBytes: 0 };
    await house.must(accountId, { kind: 'lettersRemoved', effect });
  }
  return letters;
}

async function placeAgain(house: DrillHouse, letters: readonly KnownLetter[]): Promise<void> {
  for (const { accountId, letterId } of letters) {
    const account = house.accounts.find(({ id }) => id === accountId);
    if (account === undefined) continue;
    const effect = { letters: [{ id: letterId, mailboxes: [account.inbox] }] };
    await house.must(accountId, { kind: 'lettersChanged', effect });
  }
}

/** The hourly job, with compaction: what it erases is gone from the files. */
export async function forget({ vault, clock }: DrillHouse, isCautious = true): Promise<number> {
  const { journal, door, database } = vault;
  const knowsTheDay = isCautious ? createDayKeeper(journal, clock) : async () => true;
  const job = createForgetting({ journal, door, reader: database.reader, clock, log: silentLog, knowsTheDay });
  const done = await job.runOnce(true);
  return done.ok ? done.value.letters : 0;
}

const R11: Replay = {
  id: 'R11',
  attempted: 'blank values where a time to keep is expected, then the job that erases',
  without: 'the rule that a blank is not a value: it counts as 0',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const given = (environment: Readonly<Record<string, string>>): string =>
      JSON.stringify(readConfig({ environment, file: '/dev/null', surroundings: { isRoot: false, programDir: '/x' } }));
    const blank = given(Object.fromEntries(optionKeys.map((key) => [optionEnv(key), ''])));
    const none = given({});
    const undoMs = isSabotaged ? Number('') : limits.letters.undoMs;
    const letters = await removeSome(house, undoMs);
    const erased = await forget(house);
    await placeAgain(house, letters);
    const count = await house.count();
    if (isSabotaged) return { stoppedBy: 'nothing', ...count };
    const settings = ['', ' ', '0', '0 days'].map((text) => checkSetting('attic-days', text));
    requireStopped(
      settings.every(({ ok }) => !ok),
      'a blank time to keep was taken',
    );
    requireStopped(sameButLists(blank, none), 'a blank value changed an option');
    requireStopped(erased === 0, `${erased} letters were erased within their time of undo`);
    const words = `a blank is no value: ${optionKeys.length} options keep their default, a setting that is blank or 0 is refused`;
    return { stoppedBy: words, ...count };
  },
};

/** Only a list may be empty by being blank. */
function sameButLists(left: string, right: string): boolean {
  const plain = (text: string): string => text.replaceAll(/"trustedNetworks":\[[^\]]*\],?/g, '');
  return plain(left) === plain(right);
}

const R12: Replay = {
  id: 'R12',
  attempted: 'the clock a year ahead, then an hour behind, with everything that looks at times running',
  without: 'the doubt about a clock that is far from the journal, and the newest backup that never goes',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const placeDir = join(stage.folder, 'place');
    await mustBackUp(house, { placeDir });
    const letters = await removeSome(house, limits.letters.undoMs);
    const ahead = clockStartingAt(systemClock.nowMs() + YEAR_MS);
    await house.reopen({ clock: ahead });
    const erased = await forget(house, !isSabotaged);
    const backups = new Backups(backupsOptions(house, { placeDir, clock: ahead }));
    await backups.begin();
    await backups.prune(true);
    await house.vault.generations?.prune(ahead.nowMs(), limits.forgetting.copiesMs);
    if (isSabotaged) await dropOld(placeDir);
    await house.receive(NEW_LETTERS);
    await house.reopen({ clock: clockStartingAt(systemClock.nowMs() - HOUR_MS) });
    await house.receive(NEW_LETTERS);
    await house.reopen();
    await placeAgain(house, letters);
    const counted = await house.count();
    // and the machine is lost the same day
    const since = house.facts.letters.splice(house.facts.letters.length - 2 * NEW_LETTERS);
    await house.close();
    if (isSabotaged) {
      const refused = await restoreFrom(placeDir, house, stage.folder).catch((cause: unknown) => cause);
      requireStopped(refused instanceof NotStopped, 'a backup was left');
      return { stoppedBy: 'nothing', lost: house.facts.letters.length + since.length, doubled: 0, broken: 0 };
    }
    await using again = await restoreFrom(placeDir, house, stage.folder);
    const restored = await again.count();
    const words = `the doubt about the clock (${erased} of ${DELETED} deleted letters erased before their time); the newest backup that counts stayed and came back whole`;
    return { stoppedBy: words, ...counted, lost: counted.lost + restored.lost };
  },
};

/** As a job does it that knows ages only. */
async function dropOld(placeDir: string): Promise<void> {
  for (const name of await readdir(join(placeDir, 'backups'))) await rm(join(placeDir, 'backups', name));
}

const R17: Replay = {
  id: 'R17',
  attempted: 'numbers of an account (which are its UIDs) at 2³² and at their very end',
  without: 'numbers that never begin again: they wrap at 2³²',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    // a counter of 32 bits begins again at 0
    await appendFrom(house, isSabotaged ? 2 ** 32 % 2 ** 32 : 2 ** 32 - 3);
    await house.open();
    await house.settle();
    const first = await house.count();
    if (isSabotaged) return { stoppedBy: 'nothing', ...first };
    const refused = await appendFrom(house, Number.MAX_SAFE_INTEGER - 3);
    await house.open();
    await house.settle();
    const words = `64-bit numbers at 2³²; at 2⁵³ ${refused} letters were refused and none was taken twice`;
    return { stoppedBy: words, ...(await house.count()) };
  },
};

/** Letters for one account whose last number is `last`; how many were refused. The house is closed afterwards. */
async function appendFrom(house: DrillHouse, last: number): Promise<number> {
  const { facts, clock, dataDir } = house;
  const numbers = new Map(facts.accounts.map(({ id }) => [id, house.vault.directory.lastAccountSeq(id)]));
  await house.close();
  const [account] = facts.accounts;
  if (account === undefined) throw new Error('a house without accounts');
  numbers.set(account.id, last);
  const { journal } = await openJournal({
    disk: nodeDisk,
    directory: journalFolder(dataDir),
    instanceId: facts.kit.instanceId,
    journal: JOURNAL_NUMBER,
    clock,
    build: new Uint8Array(8),
    lastAccountSeq: (id) => numbers.get(id) ?? 0,
  });
  let refused = 0;
  for (let count = 0; count < NEW_LETTERS; count += 1) {
    const { entry, known } = makeLetter({ account, ledgerKey: facts.kit.ledgerKey, receivedMs: clock.nowMs() });
    const kept = await journal.appendLetter(entry);
    if (kept.ok) facts.letters.push(known);
    else refused += 1;
  }
  await journal.close();
  return refused;
}

export const wrongNumberReplays: readonly Replay[] = [R11, R12, R17];
