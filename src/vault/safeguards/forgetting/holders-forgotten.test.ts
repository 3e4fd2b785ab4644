// Who left a shared mailbox, forgotten on real files and a real database: a rebuild knows that keys are due, and the wrap is gone.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { newId, type AccountId } from '#base/ids.ts';
import { readHolders } from '../../database/holders-read.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { makeSignUp, mustCommit, randomText } from '../../database/test-house.ts';
import type { Command, Wrap } from '../../journal/commands.ts';
import { DAY_MS, dumpRows, openForgettingHouse, rebuiltRows, settle, type ForgettingHouse } from './test-forgetting.ts';

let cluster: TestCluster;
let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-holders-'));
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

const [BEN, CARL] = [newId<AccountId>(), newId<AccountId>()];
let versions = 1;

function wrapOf(wrapId: string, sealed = randomText(60)): Wrap {
  return { wrapId, kind: 'holder', arkVersion: 1, publicKey: randomText(32), sealed };
}
function manifest(): { readonly version: number; readonly bytes: string } {
  versions += 1;
  return { version: versions, bytes: randomText(50) };
}
function held(holderId: AccountId, wrap: Wrap): Command {
  return { kind: 'holderPut', effect: { holderId, wrap, manifest: manifest() } };
}

async function isInJournal(house: ForgettingHouse, text: string): Promise<boolean> {
  const folder = join(house.directory, 'journal');
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return files.some((file) => file.includes(text));
}

/** Eight days later, all that is due forgotten: the rows are those the journal alone gives. */
async function forgotten(house: ForgettingHouse): Promise<void> {
  house.clock.advanceMs(8 * DAY_MS);
  await settle(house);
  const done = await house.forgetting.runOnce(true);
  assert.ok(done.ok, JSON.stringify(done));
  await settle(house);
  assert.deepEqual(await rebuiltRows(cluster, house), await dumpRows(house.database));
}

test('who left is known after a rebuild until the keys are new, though the wrap is erased; asked again is as if never gone', async () => {
  await using house = await openForgettingHouse(cluster, join(scratch, 'one'));
  const { account, command } = makeSignUp('office@siegel.test');
  const commit = (next: Command) => mustCommit(house.door, account.id, next);
  const left = async () =>
    new Map((await readHolders(house.database.reader, account.id)).map((row) => [row.holderId, row.hasLeft]));
  await commit(command);
  const plainNeedle = randomText(60);
  await commit(held(BEN, wrapOf('ben')));
  await commit(held(CARL, wrapOf('carl', plainNeedle)));
  await commit({ kind: 'holderLeft', effect: { holderId: CARL, wrapId: 'carl' } });
  await commit({ kind: 'manifestPut', effect: manifest() });
  assert.equal(await isInJournal(house, plainNeedle), true);
  await forgotten(house);
  assert.equal(await isInJournal(house, plainNeedle), false, 'the wrap that was laid down is erased');
  assert.deepEqual(
    await left(),
    new Map([
      [BEN, false],
      [CARL, true],
    ]),
  );

  house.clock.advanceMs(DAY_MS);
  await commit(held(CARL, wrapOf('carl-again')));
  await forgotten(house);
  assert.deepEqual(
    [...(await left())].filter(([, gone]) => gone),
    [],
  );

  await commit({ kind: 'holderLeft', effect: { holderId: CARL, wrapId: 'carl-again' } });
  const { keys, keyring } = command.effect;
  await commit({
    kind: 'holderRemoved',
    effect: {
      holderId: CARL,
      wraps: [wrapOf('ben')],
      keys: { ...keys, version: 2 },
      keyring: { version: 2, sealed: keyring.sealed },
      manifest: manifest(),
    },
  });
  await forgotten(house);
  await forgotten(house);
  assert.deepEqual(await left(), new Map([[BEN, false]]));
});
