// R5, R9, R13: the right tool at the wrong house: another’s database, a living house, a program of another version.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#base/config/read.ts';
import { silentLog } from '#base/log/log.ts';
import { explainDatabaseRefusal, prepareDatabase } from '#vault/database/check-database.ts';
import { openCommitDoor } from '#vault/database/commit.ts';
import { readMigrations } from '#vault/database/migrate.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { openJournal } from '#vault/journal/open-journal.ts';
import { claimFor, deleteOthers } from '#vault/safeguards/drill/wrong-statements.ts';
import { journalFolder, JOURNAL_NUMBER } from '../../server/open-vault.ts';
import { openDrillFolder } from '../drill-folder.ts';
import { DrillHouse } from '../drill-house.ts';
import { openSaga } from '../drill-saga.ts';
import { makeLetter } from '../make-letters.ts';
import { requireStopped, type Replay } from '../replay.ts';
import { spoil } from './wrong-commands.ts';

const NEW_LETTERS = 10;

const R5: Replay = {
  id: 'R5',
  attempted: 'a tool of one house pointed at the database of another, and a signed plan of one applied there',
  without: 'the house’s id in the database, and the cluster in the plan',
  async run(stage, isSabotaged) {
    const [own, other] = [await stage.house(), await stage.otherHouse()];
    await own.signUp(1);
    await own.receive(NEW_LETTERS);
    if (isSabotaged) await spoil(other, claimFor(own.facts.kit.instanceId));
    const { journal } = own.vault;
    const { database, generations } = other.vault;
    const opened = await openCommitDoor({ log: silentLog, database, journal, instanceId: own.facts.kit.instanceId });
    if (opened.ok) await opened.value[Symbol.asyncDispose]();
    requireStopped(opened.ok === isSabotaged, 'the database of another house was taken for one’s own');
    const placeDir = await stage.nightly();
    const number = await prepareTidying(own, placeDir);
    const twin = { skipsClusterCheck: isSabotaged, skipsVerify: isSabotaged };
    await using tool = await openSaga(own, { placeDir, twin, vault: { ...own.vault, database, generations } });
    const applied = await tool.apply(number);
    requireStopped(applied.ok === isSabotaged, 'the plan of one house was applied in another');
    const refused = applied.ok ? '' : applied.error.kind;
    requireStopped(isSabotaged || refused === 'otherCluster', `the plan was refused for another reason: ${refused}`);
    const [first, second] = [await own.count(), await other.count()];
    return {
      stoppedBy:
        opened.ok || applied.ok
          ? 'nothing'
          : `the id in the database: ${opened.error.whatToDo}; the plan: ${applied.error.sentence}`,
      lost: first.lost + second.lost,
      doubled: first.doubled + second.doubled,
      broken: first.broken + second.broken,
    };
  },
};

/** Rows of nobody who lives here are to go: none here, and all of them elsewhere. */
async function prepareTidying(house: DrillHouse, placeDir: string): Promise<number> {
  await using saga = await openSaga(house, { placeDir });
  return saga.prepare({ kind: 'sql', sql: deleteOthers(house.accounts.map(({ id }) => id)).join('; ') });
}

const R9: Replay = {
  id: 'R9',
  attempted: 'a drill pointed at a house that lives, at one that is stopped, and at a folder of somebody else',
  without: 'lock, id and mark of the folder',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const kept = join(stage.folder, 'own');
    if (isSabotaged) {
      await openDrillFolder(kept, { looksAway: true });
      await house.close();
      await house.open();
      return { stoppedBy: 'nothing', ...(await house.count()) };
    }
    const refusals: string[] = [];
    const aim = async (path: string): Promise<void> => {
      const opened = await openDrillFolder(path);
      const script = fileURLToPath(new URL('../drill.ts', import.meta.url));
      const words = [script, '--only', 'R18', '--json', '--dir', path];
      const child = spawnSync(process.execPath, words, { env: childEnvironment(), encoding: 'utf8' });
      requireStopped(child.status === 1 && child.stdout.includes('refused'), `a drill ran on ${path}`);
      refusals.push(opened.ok ? 'none' : opened.error.kind);
    };
    await aim(kept);
    await house.close();
    await aim(kept);
    await aim(stage.folder);
    requireStopped(existsSync(kept), 'the folder is gone');
    await house.open();
    await house.receive(NEW_LETTERS);
    return { stoppedBy: `the folder itself (${refusals.join(', ')})`, ...(await house.count()) };
  },
};

const R13: Replay = {
  id: 'R13',
  attempted: 'programs of two versions on one folder, and one that is older than the tables',
  without: 'the lock of the folder: both write',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    if (isSabotaged) {
      await bothWrite(house);
      await house.close();
      await house.open();
      return { stoppedBy: 'nothing', ...(await house.count()) };
    }
    const second = new DrillHouse(house.dataDir, house.machine, house.facts);
    const locked = await second.open({ version: 'another' }).then(
      () => undefined,
      (cause: unknown) => (cause instanceof Error ? cause.message : 'refused'),
    );
    requireStopped(locked !== undefined, 'a second program opened the folder');
    const newer = await openAsOlder(house);
    requireStopped(newer !== undefined, 'an older program worked on newer tables');
    await house.receive(NEW_LETTERS);
    return {
      stoppedBy: `the lock (${locked ?? ''}) and the schema’s number (${newer ?? ''})`,
      ...(await house.count()),
    };
  },
};

/** A program that does not know the newest migration. */
async function openAsOlder({ vault, facts }: DrillHouse): Promise<string | undefined> {
  const { database, journal } = vault;
  const migrations = (await readMigrations()).slice(0, -1);
  await using session = await database.connect();
  const expected = { instanceId: facts.kit.instanceId, journal: journal.journal, durableSeq: journal.durableSeq };
  const prepared = await prepareDatabase(database, session, expected, { migrations });
  return prepared.ok ? undefined : explainDatabaseRefusal(prepared.error);
}

async function bothWrite(house: DrillHouse): Promise<void> {
  const { vault, facts, clock, dataDir } = house;
  const { journal } = await openJournal({
    disk: nodeDisk,
    directory: journalFolder(dataDir),
    instanceId: facts.kit.instanceId,
    journal: JOURNAL_NUMBER,
    clock,
    build: new Uint8Array(8),
    lastAccountSeq: (id) => vault.directory.lastAccountSeq(id),
  });
  const { ledgerKey } = facts.kit;
  for (let count = 0; count < NEW_LETTERS; count += 1) {
    const account = facts.accounts[count % facts.accounts.length];
    if (account === undefined) continue;
    const { entry, known } = makeLetter({ account, ledgerKey, receivedMs: clock.nowMs() });
    const kept = await journal.appendLetter(entry);
    if (kept.ok) facts.letters.push(known);
    await house.keep(1);
  }
  await journal.close();
}

export const wrongPlaceReplays: readonly Replay[] = [R5, R9, R13];
