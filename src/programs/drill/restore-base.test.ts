// Where an undo begins: the newest fitting copy is quicker than the journal alone and gives the same rows; a copy that does not fit is not taken.

import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { newId, type MailboxId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { prepareBinaries } from '#vault/database/postgres/binaries.ts';
import { makeKeyKit } from '#vault/keykit/key-kit.ts';
import type { GenerationsNeighbour } from '#vault/safeguards/change/neighbours.ts';
import { WRONG_OPTIMISE } from '#vault/safeguards/drill/wrong-statements.ts';
import type { RestoreOrder } from '#vault/safeguards/generations/restore-to.ts';
import { readLedgerHead, type LedgerHead } from '#vault/safeguards/ledger/check-ledger.ts';
import { becomeUser, chooseIdentity } from '../drop-privileges.ts';
import { rowsNeighbour } from '../server/change-neighbours.ts';
import { houseBackups } from './drill-backups.ts';
import { DrillHouse } from './drill-house.ts';
import { spoil } from './replays/wrong-commands.ts';

const scratch = mkdtempSync(join(tmpdir(), 'siegel-base-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
const native = becomeSomebody();
let houses = 0;

/** A house of a drill runs its database as itself, and PostgreSQL refuses root. */
function becomeSomebody(): string {
  const runAs = chooseIdentity(undefined);
  const identity = runAs.ok ? runAs.value.identity : undefined;
  const binaries = prepareBinaries([join(scratch, 'programs')], identity);
  assert.ok(binaries.ok, binaries.ok ? '' : binaries.error.sentence);
  if (identity !== undefined) {
    chownSync(scratch, identity.uid, identity.gid);
    becomeUser(identity);
  }
  return binaries.value.native;
}

async function moveIn(): Promise<DrillHouse> {
  const facts = { kit: await makeKeyKit(Date.now()), accounts: [], letters: [] };
  const house = await new DrillHouse(join(scratch, `house-${++houses}`), { native }, facts).open();
  await house.signUp(3);
  await house.receive(30);
  return house;
}

interface Watched {
  readonly generations: GenerationsNeighbour;
  /** Where each restore began. */
  readonly bases: RestoreOrder['base']['kind'][];
}

/** `forgets`: the check hears nothing of what has no effect without the undone. */
async function watch(house: DrillHouse, forgets = false): Promise<Watched> {
  const { vault, facts, clock, dataDir } = house;
  const bases: RestoreOrder['base']['kind'][] = [];
  const restoreTo = requireValue(vault.restoreTo, 'generations');
  const watched = (order: RestoreOrder): ReturnType<typeof restoreTo> => {
    bases.push(order.base.kind);
    const { check = async () => ({ ok: true, value: undefined }) as const } = order;
    return restoreTo({
      ...order,
      check: (rows, followed) => check(rows, forgets ? { ...followed, withoutEffect: [] } : followed),
    });
  };
  const { generations } = rowsNeighbour({
    config: { domain: 'drill.example', drill: 'none' },
    dataDir,
    clock,
    log: silentLog,
    kit: facts.kit,
    vault: { ...vault, restoreTo: watched },
    reception: { submit: async () => [] },
    backups: await houseBackups(house, { placeDir: join(scratch, 'none') }),
    version: 'drill',
  });
  return { generations: requireValue(generations, 'generations'), bases };
}

const ORDER = { change: 7, leaveOut: [], again: async () => undefined, why: 'a test' };

async function headOf({ vault }: DrillHouse): Promise<Pick<LedgerHead, 'letters' | 'places'>> {
  const { letters, places } = await readLedgerHead(vault.database, vault.journal.journal);
  return { letters, places };
}

test('an undo begins at the newest copy of before it, and its ledger is that of an undo from the journal alone', async () => {
  await using house = await moveIn();
  const { generations, bases } = await watch(house);
  const live = requireValue(house.vault.generations, 'generations');
  assert.ok((await live.takePoint('day-20260101')).ok);
  await house.receive(5);
  const second = await live.takePoint('day-20260102');
  assert.ok(second.ok);
  const before = house.vault.journal.durableSeq;
  await house.receive(5);
  assert.ok((await live.takePoint('day-20260103')).ok, 'later than what is undone');
  await spoil(house, WRONG_OPTIMISE);
  const late = await house.receive(5);
  const undo = async (): Promise<Pick<LedgerHead, 'letters' | 'places'>> => {
    const restored = await generations.restore({ ...ORDER, before });
    assert.ok(restored.ok, restored.ok ? '' : restored.error.sentence);
    await house.settle();
    assert.deepEqual(await house.count(), { lost: 0, doubled: 0, broken: 0 });
    return headOf(house);
  };
  const fromCopy = await undo();
  assert.equal(late.length, 5);
  for (const { name } of await live.points()) await live.dropPoint(name);
  const fromJournal = await undo();
  assert.deepEqual(bases, ['copy', 'journal']);
  assert.deepEqual(fromCopy, fromJournal);
  assert.equal(fromCopy.letters.count, 45);
});

test('a copy that turns out to hold what is undone is given up for the journal alone; the change’s own copy comes first', async () => {
  await using house = await moveIn();
  const { generations, bases } = await watch(house);
  const live = requireValue(house.vault.generations, 'generations');
  assert.ok((await live.takePoint('day-20260101')).ok);
  let tries = 0;
  const again = async (): Promise<void> => {
    tries += 1;
    if (tries === 1) throw new Error('the copy holds change 3, which is not in force');
  };
  const restored = await generations.restore({ ...ORDER, again, before: house.vault.journal.durableSeq });
  assert.ok(restored.ok, restored.ok ? '' : restored.error.sentence);
  assert.deepEqual(bases, ['copy', 'journal']);
  await house.settle();
  assert.ok((await generations.takePoint(7)).ok);
  assert.ok((await generations.restore({ ...ORDER, before: 1 })).ok);
  assert.deepEqual(bases, ['copy', 'journal', 'copy']);
});

test('a restore that leaves out a command is equal without those that mean nothing without it; a check not told of them refuses', async () => {
  await using house = await moveIn();
  const account = requireValue(house.accounts[0], 'an account');
  const folder = { id: newId<MailboxId>(), parentId: null, role: null, sealedName: 'AAAA', sortOrder: 9 };
  const put = await house.must(account.id, { kind: 'mailboxPut', effect: folder });
  const removal = { id: account.inbox, to: folder.id, purgeMs: 0, freedBytes: 0 };
  await house.must(account.id, { kind: 'mailboxRemoved', effect: removal });
  await house.receive(4, [account]);
  const order = { ...ORDER, leaveOut: [put.header.seq], before: undefined };
  const twin = await (await watch(house, true)).generations.restore(order);
  assert.equal(twin.ok ? 'done' : twin.error.kind, 'ledger');
  const restored = await (await watch(house)).generations.restore(order);
  assert.ok(restored.ok, restored.ok ? '' : restored.error.sentence);
  await house.settle();
  assert.deepEqual(await house.count(), { lost: 0, doubled: 0, broken: 0 });
});
