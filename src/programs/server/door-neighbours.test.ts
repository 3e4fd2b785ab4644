// Who gets a letter, asked of a real journal and a real directory: a group's member without room costs the others nothing.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { newId, type AccountId, type InstanceId, type MailboxId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { err } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { catchUp } from '#vault/directory/catch-up.ts';
import { openDirectory } from '#vault/directory/open-directory.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { openJournal } from '#vault/journal/open-journal.ts';
import type { Command } from '#vault/journal/commands.ts';
import { makeKeyKit } from '#vault/keykit/key-kit.ts';
import { makeMailbox, type TestMailbox } from '#vault/sealing/test-mailbox.ts';
import { createDoorNeighbours } from './door-neighbours.ts';

function signUp({ address, made }: TestMailbox): Command {
  const box = (role: 'inbox' | 'junk') => {
    return { id: newId<MailboxId>(), parentId: null, role, sealedName: '', sortOrder: 0 } as const;
  };
  const stretching = { suite: 'argon2id', version: 1, iterations: 3, memoryKib: 65_536, parallelism: 1 } as const;
  const keys = { certificate: toBase64Url(made.certificate), summaryKey: toBase64Url(made.summaryKey), authKey: '' };
  return {
    kind: 'accountCreated',
    effect: {
      role: 'member',
      address,
      inviteId: null,
      keys: { version: 1, ...keys },
      credential: { version: 1, setupId: 'a', record: '', stretching, wrap: '', arkVersion: 1 },
      wraps: [],
      keyring: { version: 1, sealed: '' },
      manifest: { version: 1, bytes: '' },
      mailboxes: [box('inbox'), box('junk')],
      quotaBytes: 1_000,
    },
  };
}

test('a letter to a group goes to the members with room; only when nobody has any it is refused as over quota', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'siegel-group-'));
  const instanceId = newId<InstanceId>();
  const build = new Uint8Array(8);
  const place = { disk: nodeDisk, directory: join(scratch, 'journal'), instanceId, journal: 0, clock: systemClock };
  const { journal } = await openJournal({ ...place, build, lastAccountSeq: () => 0 });
  const opened = await openDirectory(join(scratch, 'directory.sqlite'), instanceId);
  assert.ok(opened.ok);
  const directory = opened.value;
  const append = async (accountId: AccountId | undefined, command: Command): Promise<void> => {
    const actor = { kind: 'operator', id: new Uint8Array(16) } as const;
    assert.ok((await journal.appendCommand({ accountId, actor, command })).ok);
    await catchUp(directory, journal);
  };
  const [anna, ben] = [await makeMailbox('anna@siegel.test'), await makeMailbox('ben@siegel.test')];
  const accountIds = [anna.accountId, ben.accountId];
  await append(undefined, { kind: 'domainAdded', effect: { domain: 'siegel.test' } });
  for (const person of [anna, ben]) await append(person.accountId, signUp(person));
  await append(undefined, { kind: 'groupPut', effect: { address: 'team@siegel.test', accountIds } });
  const door = { keepLetter: async () => err({ kind: 'diskFull' } as const) };
  const kit = await makeKeyKit(0);
  const vault = () => ({ directory, journal, door });
  const nowMs = () => systemClock.nowMs();
  const neighbours = createDoorNeighbours({ kit, log: silentLog, nowMs, vault, trace: () => undefined });
  const find = async () => {
    const found = await neighbours.findRecipients({ local: 'team', domain: 'siegel.test' });
    return found.ok ? found.value.map(({ accountId }) => accountId) : found.error.kind;
  };
  assert.deepEqual(await find(), accountIds);
  await append(anna.accountId, { kind: 'quotaPut', effect: { quotaBytes: 0 } });
  assert.deepEqual(await find(), [ben.accountId]);
  await append(ben.accountId, { kind: 'quotaPut', effect: { quotaBytes: 0 } });
  assert.equal(await find(), 'overQuota');
  directory.close();
  await journal.close();
  await rm(scratch, { recursive: true });
});
