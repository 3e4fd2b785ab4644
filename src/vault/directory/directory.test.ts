// The directory snapshot against a real journal: what the door reads is what was journalled, and the file can be thrown away.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { newId, type AccountId, type InstanceId, type LetterId, type MailboxId, type OperatorId } from '#base/ids.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import type { Command, MailboxState } from '../journal/commands.ts';
import { nodeDisk } from '../journal/disk.ts';
import { openJournal, type SingleWriterJournal } from '../journal/open-journal.ts';
import { catchUp, refill } from './catch-up.ts';
import { openDirectory } from './open-directory.ts';
import type { Directory } from './directory.ts';

const instanceId = newId<InstanceId>();
const actor = { kind: 'tool', id: new Uint8Array(16) } as const;
const inbox = newId<MailboxId>();
const junk = newId<MailboxId>();
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-directory-'));
});
after(async () => {
  await rm(scratch, { recursive: true, force: true });
});

async function openJournalAt(name: string): Promise<SingleWriterJournal> {
  const options = {
    disk: nodeDisk,
    directory: join(scratch, name),
    instanceId,
    journal: 0,
    clock: systemClock,
    build: new Uint8Array(8),
  };
  return (await openJournal({ ...options, lastAccountSeq: () => 0 })).journal;
}

function signUp(address: string): Command {
  const box = (id: MailboxId, role: MailboxState['role']): MailboxState => ({
    id,
    parentId: null,
    role,
    sealedName: '',
    sortOrder: 0,
  });
  return {
    kind: 'accountCreated',
    effect: {
      role: 'operator',
      address,
      inviteId: null,
      keys: {
        version: 1,
        certificate: toBase64Url(randomBytes(200)),
        summaryKey: toBase64Url(randomBytes(32)),
        authKey: toBase64Url(randomBytes(32)),
      },
      credential: {
        version: 1,
        setupId: 'a',
        record: '',
        stretching: { suite: 'argon2id', version: 1, iterations: 3, memoryKib: 65_536, parallelism: 1 },
        wrap: '',
        arkVersion: 1,
      },
      wraps: [],
      keyring: { version: 1, sealed: '' },
      manifest: { version: 1, bytes: '' },
      mailboxes: [box(inbox, 'inbox'), box(junk, 'junk')],
      quotaBytes: 1_000,
    },
  };
}

async function append(
  journal: SingleWriterJournal,
  accountId: AccountId | undefined,
  command: Command,
): Promise<number> {
  const record = await journal.appendCommand({ accountId, actor, command });
  assert(record.ok);
  return record.value.header.seq;
}

async function deliver(journal: SingleWriterJournal, accountId: AccountId, renderSizeBytes: number): Promise<void> {
  const packet = randomBytes(100);
  const parts = {
    letterId: newId<LetterId>(),
    mailboxId: inbox,
    element: randomBytes(32),
    keyPacket: randomBytes(94),
    summary: randomBytes(64),
    terms: randomBytes(8),
  };
  const record = {
    ...parts,
    expiresMs: 0,
    receivedMs: 1,
    renderVersion: 1,
    renderSizeBytes,
    wrapping: 0,
    keywords: [],
  };
  const packetDigest = createHash('sha256').update(packet).digest();
  assert((await journal.appendLetter({ packet, packetDigest, copies: [{ accountId, actor, record }] })).ok);
}

async function requireDirectory(name: string, instance: InstanceId): Promise<Directory> {
  const opened = await openDirectory(join(scratch, name), instance);
  assert(opened.ok);
  return opened.value;
}

async function openFilled(journal: SingleWriterJournal, name: string): Promise<Directory> {
  const directory = await requireDirectory(name, instanceId);
  await catchUp(directory, journal);
  return directory;
}

test('the door finds a person by address, alias and catch-all, and never by one that was removed', async () => {
  const journal = await openJournalAt('people');
  const anna = newId<AccountId>();
  await append(journal, undefined, { kind: 'domainAdded', effect: { domain: 'kanzlei.test' } });
  await append(journal, anna, signUp('anna@kanzlei.test'));
  await append(journal, anna, { kind: 'addressAdded', effect: { address: 'a.brandt@kanzlei.test', kind: 'alias' } });
  const directory = await openFilled(journal, 'people.sqlite');
  const found = directory.findByAddress('anna@kanzlei.test');
  assert.deepEqual([found?.accountId, found?.inbox, found?.junk, found?.quotaBytes], [anna, inbox, junk, 1_000]);
  assert.equal(directory.findByAddress('a.brandt@kanzlei.test')?.accountId, anna);
  assert.equal(directory.findByAddress('nobody@kanzlei.test'), undefined);
  assert.equal(directory.findCatchAll('kanzlei.test'), undefined);
  await append(journal, undefined, { kind: 'catchAllPut', effect: { domain: 'kanzlei.test', accountId: anna } });
  await append(journal, anna, { kind: 'addressRemoved', effect: { address: 'a.brandt@kanzlei.test' } });
  await catchUp(directory, journal);
  assert.equal(directory.findCatchAll('kanzlei.test')?.accountId, anna);
  assert.equal(directory.findByAddress('a.brandt@kanzlei.test'), undefined);
  assert.deepEqual(
    directory.operators().map((account) => account.accountId),
    [anna],
  );
  directory.close();
  await journal.close();
});

test('the door finds the members of a group in order, without those whose account is closed', async () => {
  const journal = await openJournalAt('groups');
  const people = ['anna', 'ben', 'carl'].map((name) => ({ id: newId<AccountId>(), address: `${name}@kanzlei.test` }));
  for (const { id, address } of people) await append(journal, id, signUp(address));
  const [anna, ben, carl] = people.map(({ id }) => id);
  assert(anna && ben && carl);
  const address = 'team@kanzlei.test';
  await append(journal, undefined, { kind: 'groupPut', effect: { address, accountIds: [carl, anna, ben] } });
  const directory = await openFilled(journal, 'groups.sqlite');
  const members = () => directory.findGroup(address).map(({ accountId }) => accountId);
  assert.deepEqual(members(), [carl, anna, ben]);
  await append(journal, anna, { kind: 'accountClosed', effect: { closedMs: 1 } });
  await catchUp(directory, journal);
  assert.deepEqual(members(), [carl, ben]);
  await append(journal, undefined, { kind: 'groupPut', effect: { address, accountIds: [ben] } });
  await catchUp(directory, journal);
  assert.deepEqual(members(), [ben]);
  await append(journal, undefined, { kind: 'groupRemoved', effect: { address } });
  await catchUp(directory, journal);
  assert.deepEqual(members(), []);
  directory.close();
  await journal.close();
});

test('letters fill the quota, removals free it, and a record counts once however often it is read', async () => {
  const journal = await openJournalAt('quota');
  const anna = newId<AccountId>();
  await append(journal, anna, signUp('anna@kanzlei.test'));
  await deliver(journal, anna, 300);
  await deliver(journal, anna, 200);
  await append(journal, anna, {
    kind: 'lettersRemoved',
    effect: { ids: [newId<LetterId>()], purgeMs: 0, freedBytes: 300 },
  });
  const directory = await openFilled(journal, 'quota.sqlite');
  for await (const batch of journal.readKeyRecords(0)) directory.apply(batch);
  assert.equal(directory.findByAccount(anna)?.usedBytes, 200);
  assert.equal(directory.lastAccountSeq(anna), 4);
  directory.close();
  await journal.close();
});

test('a sign-up that was taken back by a voided record is not known at the door', async () => {
  const journal = await openJournalAt('voided');
  const seq = await append(journal, newId<AccountId>(), signUp('ghost@kanzlei.test'));
  await journal.appendVoided({ seq, reason: 'applyFailed' });
  const directory = await openFilled(journal, 'voided.sqlite');
  assert.equal(directory.findByAddress('ghost@kanzlei.test'), undefined);
  directory.close();
  await journal.close();
});

test('a directory file that is damaged or of another house is made anew from the journal', async () => {
  const journal = await openJournalAt('anew');
  await append(journal, newId<AccountId>(), signUp('anna@kanzlei.test'));
  await writeFile(join(scratch, 'anew.sqlite'), randomBytes(20_000));
  const directory = await openFilled(journal, 'anew.sqlite');
  assert(directory.findByAddress('anna@kanzlei.test'));
  directory.close();
  const other = await requireDirectory('anew.sqlite', newId<InstanceId>());
  assert.equal(other.appliedSeq, 0);
  assert.equal(other.findByAddress('anna@kanzlei.test'), undefined);
  other.close();
  await journal.close();
});

test('a second program on the same data folder is refused and the first one’s file is left alone', async () => {
  const first = await requireDirectory('locked.sqlite', instanceId);
  const program = `import { openDirectory } from '${new URL('./open-directory.ts', import.meta.url).href}';
    console.log(JSON.stringify(await openDirectory('${join(scratch, 'locked.sqlite')}', '${instanceId}')));`;
  const second = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.deepEqual(JSON.parse(second.stdout), { ok: false, error: { kind: 'inUse' } });
  first.apply([]);
  assert.equal(first.countAccounts(), 0);
  first.close();
});

test('operators, steps of changes and incidents can be read without a database, and again after the file was thrown away', async () => {
  const journal = await openJournalAt('register');
  const note = async (command: Command): Promise<void> => {
    assert((await journal.appendCommand({ accountId: undefined, actor, command })).ok);
  };
  const operatorId = newId<OperatorId>();
  await note({ kind: 'operatorPut', effect: { operatorId, content: { name: 'Kaya' } } });
  await note({ kind: 'operatorPut', effect: { operatorId, content: { name: 'Kaya B' } } });
  await note({ kind: 'operatorPut', effect: { operatorId: newId<OperatorId>(), content: { name: 'Jonas' } } });
  await note({ kind: 'changeStepped', effect: { change: 1, step: 'planned', facts: { rows: 4 } } });
  await note({ kind: 'changeStepped', effect: { change: 1, step: 'applied', facts: {} } });
  await note({ kind: 'incidentPut', effect: { incident: 1, content: { state: 'open' } } });
  await note({ kind: 'incidentPut', effect: { incident: 1, content: { state: 'closed' } } });
  for (const name of ['register-a.sqlite', 'register-b.sqlite']) {
    const directory = await openFilled(journal, name);
    assert.deepEqual(
      directory.register('operator').map(({ content }) => content),
      [{ name: 'Kaya B' }, { name: 'Jonas' }],
    );
    const steps = directory.register('change');
    assert.deepEqual(
      steps.map(({ id, content }) => [id, content['step']]),
      [
        ['1', 'planned'],
        ['1', 'applied'],
      ],
    );
    assert.deepEqual(
      directory.register('incident').map(({ content }) => content),
      [{ state: 'closed' }],
    );
    directory.close();
  }
  await note({ kind: 'operatorRemoved', effect: { operatorId } });
  const later = await openFilled(journal, 'register-a.sqlite');
  assert.deepEqual(
    later.register('operator').map(({ content }) => content),
    [{ name: 'Jonas' }],
  );
  later.close();
  await journal.close();
});

test('an undone sign-up, closing and new address are undone in the snapshot too: while it runs, and after a kill before that', async () => {
  const journal = await openJournalAt('undone');
  const anna = newId<AccountId>();
  await append(journal, anna, signUp('anna@kanzlei.test'));
  const ben = newId<AccountId>();
  const seqs = [
    await append(journal, ben, signUp('ben@kanzlei.test')),
    await append(journal, anna, { kind: 'addressAdded', effect: { address: 'office@kanzlei.test', kind: 'alias' } }),
    await append(journal, anna, { kind: 'accountClosed', effect: { closedMs: 5 } }),
  ];
  const directory = await openFilled(journal, 'undone-a.sqlite');
  const killed = await openFilled(journal, 'undone-b.sqlite');
  assert.equal(directory.findByAddress('anna@kanzlei.test'), undefined, 'closed');
  for (const seq of seqs) {
    const voided = await journal.appendVoided({ seq, reason: 'undone', change: 1 });
    assert(voided.ok);
    directory.apply([voided.value]);
    killed.apply([voided.value]);
  }
  assert.equal(directory.findByAddress('anna@kanzlei.test'), undefined, 'what stands is not taken back by itself');
  await refill(directory, journal, instanceId);
  killed.close();
  const again = await openFilled(journal, 'undone-b.sqlite');
  await append(journal, anna, { kind: 'quotaPut', effect: { quotaBytes: 77 } });
  for (const one of [directory, again]) {
    await catchUp(one, journal);
    assert.equal(one.findByAddress('anna@kanzlei.test')?.quotaBytes, 77);
    assert.equal(one.findByAddress('office@kanzlei.test'), undefined);
    assert.equal(one.findByAddress('ben@kanzlei.test'), undefined);
    assert.equal(one.countAccounts(), 1);
    one.close();
  }
  const once = await openFilled(journal, 'undone-b.sqlite');
  assert.equal(once.countAccounts(), 1, 'and it is not made anew at every start');
  once.close();
  await journal.close();
});
