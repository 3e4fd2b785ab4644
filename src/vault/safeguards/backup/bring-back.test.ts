// Letters of single accounts come back out of a backup: where they lay, once, whatever became of them since; the others are not touched.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { after, before, describe, it } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { newId, type AccountId, type LetterId, type MailboxId } from '#base/ids.ts';
import { ok } from '#base/result.ts';
import { idToUuid } from '../../database/ids.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { mustCommit, mustKeep, type TestAccount } from '../../database/test-house.ts';
import { checkLedger } from '../ledger/check-ledger.ts';
import { TEST_LEDGER_KEY } from '../../database/test-house.ts';
import { bringBack, type BringBackOrder, type BroughtBack, type LiveHouse } from './bring-back.ts';
import { openBackupHouse, type BackupHouse } from './test-backup.ts';

let cluster: TestCluster;
before(async () => (cluster = await startTestCluster()));
after(() => cluster[Symbol.asyncDispose]());

const actor = { kind: 'tool', id: new Uint8Array(randomBytes(16)) } as const;

function liveOf({ house }: BackupHouse): LiveHouse {
  return {
    database: house.database,
    journal: house.journal,
    commit: (accountId, command) => house.door.commit(accountId, actor, async () => ok(command)),
    keepLetter: (entry) => house.door.keepLetter(entry),
    settled: (accountId) => house.door.settled(accountId),
  };
}

type What = Partial<Pick<BringBackOrder, 'letterId' | 'mailboxId' | 'isApplied' | 'live'>>;

async function restore(house: BackupHouse, accountId: AccountId, what: What = {}): Promise<BroughtBack> {
  const read = await house
    .backups()
    .read(await newestOf(house), ({ database, journal }) =>
      bringBack({ backup: { database, journal }, live: liveOf(house), actor, accountId, isApplied: true, ...what }),
    );
  assert.ok(read.ok && read.value.ok, JSON.stringify(read));
  return read.value.value;
}

async function newestOf(house: BackupHouse): Promise<string> {
  const listed = await house.backups().list();
  assert.ok(listed.ok);
  return requireValue(listed.value.at(-1), 'a backup').id;
}

/** What lies where, with its words; UIDs and records are new for what came back. */
async function rowsOf({ house }: BackupHouse, account: TestAccount): Promise<readonly unknown[]> {
  assert.ok((await house.door.settled(account.id)).ok);
  await using session = await house.database.connect();
  return await session.rows(
    `SELECT l.letter_id, l.digest, l.size_bytes, l.received_ms, l.keywords, array_agg(p.mailbox_id ORDER BY p.mailbox_id) AS boxes
     FROM letter l JOIN placement p ON p.account_id = l.account_id AND p.letter_id = l.letter_id AND p.removed_modseq IS NULL
     WHERE l.account_id = $1 AND l.removed_modseq IS NULL GROUP BY l.account_id, l.letter_id ORDER BY l.letter_id`,
    [idToUuid(account.id)],
  );
}

async function isLedgerEqual({ house }: BackupHouse): Promise<boolean> {
  const { database, journal } = house;
  return (await checkLedger({ database, journal, ledgerKey: TEST_LEDGER_KEY, isDeep: true })).isEqual;
}

/** Removes the first letters of the account, and erases half of those for good. */
async function lose(house: BackupHouse, account: TestAccount, count: number): Promise<void> {
  const { door } = house.house;
  const ids = account.letters.slice(0, count);
  await mustCommit(door, account.id, { kind: 'lettersRemoved', effect: { ids, purgeMs: 1, freedBytes: 1 } });
  const gone = ids.slice(0, count / 2).map((id) => idToUuid(id));
  await using session = await house.house.database.connect();
  const seqs = await session.rows<{ key_seq: number }>(
    'SELECT key_seq FROM letter WHERE account_id = $1 AND letter_id = ANY($2::uuid[])',
    [idToUuid(account.id), gone],
  );
  const erased = await door.erase(account.id, async () =>
    seqs.map(({ key_seq: seq }) => ({ lane: 'key' as const, journal: 0, seq, reason: 'removed' as const, command: 1 })),
  );
  assert.ok(erased.ok);
}

async function begin(house: BackupHouse): Promise<readonly [TestAccount, TestAccount]> {
  const [anna, ben] = house.accounts;
  assert.ok(anna && ben);
  const folder = newId<MailboxId>();
  const put = { id: folder, parentId: null, role: null, sealedName: 'AAAA', sortOrder: 9 } as const;
  await mustCommit(house.house.door, anna.id, { kind: 'mailboxPut', effect: put });
  for (let n = 0; n < 10; n++) await mustKeep(house.house.door, [anna], ['work']);
  anna.mailboxes.push(folder);
  const letters = anna.letters.map((id) => ({ id, mailboxes: [folder, requireValue(anna.mailboxes[0], 'inbox')] }));
  await mustCommit(house.house.door, anna.id, { kind: 'lettersChanged', effect: { letters: letters.slice(0, 4) } });
  await house.addLetters(6);
  assert.ok((await house.backups().take()).ok);
  return [anna, ben];
}

describe('one account', () => {
  it('gets back what was removed and what was erased, once, with what came since; others are not touched', async () => {
    await using house = await openBackupHouse(cluster);
    const [anna, ben] = await begin(house);
    const before = await rowsOf(house, anna);
    await lose(house, anna, 8);
    const folder = requireValue(anna.mailboxes.at(-1), 'a folder');
    await mustCommit(house.house.door, anna.id, {
      kind: 'mailboxRemoved',
      effect: { id: folder, to: null, purgeMs: 1, freedBytes: 1 },
    });
    assert.notDeepEqual(await rowsOf(house, anna), before);
    await mustKeep(house.house.door, [anna]);
    const since = requireValue(anna.letters.at(-1), 'a letter');
    const others = await rowsOf(house, ben);
    const seen = await restore(house, anna.id, { isApplied: false });
    // letters that lay in the folder alone went with it
    assert.deepEqual(
      { ...seen, placed: seen.placed >= 4 },
      { looked: 16, placed: true, appended: 4, folders: 1, isReopened: false },
    );
    assert.notEqual((await rowsOf(house, anna)).length, before.length + 1);
    assert.deepEqual(await restore(house, anna.id), seen);
    const rows = await rowsOf(house, anna);
    assert.deepEqual(
      rows.filter((row) => (row as { letter_id: string }).letter_id !== idToUuid(since)),
      before,
    );
    assert.equal(rows.length, before.length + 1);
    assert.deepEqual(await rowsOf(house, ben), others);
    assert.ok(await isLedgerEqual(house));
    // again: nothing comes twice
    assert.deepEqual(await restore(house, anna.id), {
      looked: 16,
      placed: 0,
      appended: 0,
      folders: 0,
      isReopened: false,
    });
    assert.deepEqual(await rowsOf(house, anna), rows);
  });

  it('one letter, or one folder, comes back and nothing else does', async () => {
    await using house = await openBackupHouse(cluster);
    const [anna] = await begin(house);
    await lose(house, anna, 8);
    const [first, second] = anna.letters;
    const one = await restore(house, anna.id, { letterId: requireValue(first, 'a letter') });
    assert.deepEqual(one, { looked: 1, placed: 0, appended: 1, folders: 0, isReopened: false });
    const rest = await restore(house, anna.id, { mailboxId: requireValue(anna.mailboxes.at(-1), 'a folder') });
    assert.deepEqual([rest.looked >= 4, rest.appended], [true, 3]);
    assert.ok(
      (await rowsOf(house, anna)).some(
        (row) => (row as { letter_id: string }).letter_id === idToUuid(requireValue(second, 'a letter')),
      ),
    );
    assert.ok(await isLedgerEqual(house));
  });

  it('stopped in the middle and begun again, it gets each letter once', async () => {
    await using house = await openBackupHouse(cluster);
    const [anna] = await begin(house);
    const before = await rowsOf(house, anna);
    await lose(house, anna, 8);
    let kept = 0;
    const stopping: LiveHouse = {
      ...liveOf(house),
      keepLetter: async (entry) =>
        ++kept > 2 ? { ok: false, error: { kind: 'journalFailed' } } : liveOf(house).keepLetter(entry),
    };
    const stopped = await house
      .backups()
      .read(await newestOf(house), ({ database, journal }) =>
        bringBack({ backup: { database, journal }, live: stopping, actor, accountId: anna.id, isApplied: true }),
      );
    assert.ok(stopped.ok && !stopped.value.ok && stopped.value.error.kind === 'notTaken');
    assert.equal((await restore(house, anna.id)).appended, 2);
    assert.ok(isDeepStrictEqual(await rowsOf(house, anna), before));
    assert.ok(await isLedgerEqual(house));
  });

  it('is counted in the journal afterwards: a house that says yes and drops, doubles or cuts letters is not believed', async () => {
    await using house = await openBackupHouse(cluster);
    const [anna] = await begin(house);
    const before = await rowsOf(house, anna);
    await lose(house, anna, 8);
    const live = liveOf(house);
    let kept = 0;
    const lying: LiveHouse = {
      ...live,
      keepLetter: async (entry) => {
        kept += 1;
        const other = entry.copies.map((copy) => ({
          ...copy,
          record: { ...copy.record, letterId: newId<LetterId>() },
        }));
        if (kept === 1) return ok(undefined);
        if (kept === 2) await live.keepLetter({ ...entry, copies: other });
        const packet = entry.packet.subarray(0, 10);
        const packetDigest = createHash('sha256').update(packet).digest();
        return live.keepLetter(kept === 3 ? { packet, packetDigest, copies: other } : entry);
      },
    };
    const read = await house
      .backups()
      .read(await newestOf(house), ({ database, journal }) =>
        bringBack({ backup: { database, journal }, live: lying, actor, accountId: anna.id, isApplied: true }),
      );
    assert.deepEqual(read.ok && read.value, {
      ok: false,
      error: { kind: 'notAsInBackup', missing: 2, extra: 2 },
    });
    assert.equal((await restore(house, anna.id)).appended, 2, 'asked again, what is missing comes');
    const ids = new Set(before.map((row) => (row as { letter_id: string }).letter_id));
    const rows = await rowsOf(house, anna);
    assert.deepEqual(
      rows.filter((row) => ids.has((row as { letter_id: string }).letter_id)),
      before,
    );
    assert.equal(rows.length, before.length + 2, 'nothing that is there is taken away');
  });

  it('that was closed is opened again; one the backup does not know is refused', async () => {
    await using house = await openBackupHouse(cluster);
    const [anna] = await begin(house);
    await mustCommit(house.house.door, anna.id, { kind: 'accountClosed', effect: { closedMs: 5 } });
    assert.ok((await restore(house, anna.id)).isReopened);
    const read = await house.backups().read(await newestOf(house), ({ database, journal }) =>
      bringBack({
        backup: { database, journal },
        live: liveOf(house),
        actor,
        accountId: newId<AccountId>(),
        isApplied: true,
      }),
    );
    assert.ok(read.ok && !read.value.ok && read.value.error.kind === 'notInBackup');
  });
});
