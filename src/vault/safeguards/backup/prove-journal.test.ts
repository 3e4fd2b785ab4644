// A copy of a journal that lost its tail at a crash counts, for what is there must be saved; one that lost anything else does not.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { newId, type AccountId, type InstanceId, type MailboxId } from '#base/ids.ts';
import { ACTOR, makeLetter, makeSignUp, openTestJournal } from '../../database/test-house.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { JournalReader } from '../../journal/journal-reader.ts';
import { readTestimony } from './copy-journal.ts';
import { proveJournal } from './prove-journal.ts';

const instance = newId<InstanceId>();

async function prove(directory: string): Promise<string> {
  const { body, key } = await readTestimony({ disk: nodeDisk, directory });
  const end = ({ seq, hash }: { seq: number; hash: Uint8Array }) => ({ seq, hash: Buffer.from(hash).toString('hex') });
  const proved = await proveJournal(directory, { instance, journal: { number: 0, body: end(body), key: end(key) } });
  return proved.ok ? 'whole' : proved.error.kind;
}

async function write(directory: string, accountId: AccountId, mailboxId: MailboxId): Promise<void> {
  const journal = await openTestJournal(directory, instance);
  for (let n = 0; n < 5; n++) assert.ok((await journal.appendLetter(makeLetter([{ accountId, mailboxId }]))).ok);
  await journal.close();
}

it('records lost at a crash that the journal tells of are no reason not to save the others; any other gap is', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-prove-'));
  try {
    const { account, command } = makeSignUp('anna@siegel.test');
    const journal = await openTestJournal(directory, instance);
    assert.ok((await journal.appendCommand({ accountId: account.id, actor: ACTOR, command })).ok);
    await journal.close();
    const mailbox = account.mailboxes[0] ?? assert.fail();
    await write(directory, account.id, mailbox);
    assert.equal(await prove(directory), 'whole');
    // the disk loses what it said it had synced: the last letters of both lanes
    const reader = new JournalReader(nodeDisk, directory, 0, () => Number.MAX_SAFE_INTEGER);
    const key = (await reader.find('key', 5)) ?? assert.fail();
    const body = (await reader.find('body', 4)) ?? assert.fail();
    await reader.close();
    await truncate(join(directory, `key-${String(key.segment).padStart(8, '0')}.journal`), key.offset);
    await truncate(join(directory, `body-${String(body.segment).padStart(8, '0')}.journal`), body.offset);
    assert.equal(await prove(directory), 'journalTooShort');
    await write(directory, account.id, mailbox);
    assert.equal(await prove(directory), 'whole');
    // a byte of an old record
    const old = join(directory, 'key-00000001.journal');
    const bytes = await readFile(old);
    bytes[400] = (bytes[400] ?? 0) ^ 1;
    await writeFile(old, bytes);
    assert.equal(await prove(directory), 'journalDamaged');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
