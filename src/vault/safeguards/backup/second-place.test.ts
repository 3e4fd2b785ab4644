// The second place takes what counts and goes on from what is there, refuses everything else, and gives nothing away too early.

import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { clockStartingAt, manualClock } from '#base/clock.ts';
import { createOutgoing } from '#base/outgoing/outgoing.ts';
import { ok } from '#base/result.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { findJournalBreak } from './continuity.ts';
import { openFolderPlace } from './folder-place.ts';
import { PlaceProblem, type Place } from './place.ts';
import { S3Place } from './s3-place.ts';
import { keeping, passOn, pruneSecond, type PassOrder } from './second-place.ts';
import { openBackupHouse, type BackupHouse } from './test-backup.ts';

const DAY_MS = 86_400_000;
let cluster: TestCluster;
before(async () => (cluster = await startTestCluster()));
after(() => cluster[Symbol.asyncDispose]());

async function take(house: BackupHouse): Promise<string> {
  const taken = await house.backups().take();
  assert.ok(taken.ok, JSON.stringify(taken));
  return taken.value.manifest.id;
}

async function orderFor(house: BackupHouse, id: string, to: Place): Promise<PassOrder> {
  const directory = join(house.dataDir, 'journal', '00');
  return {
    from: await openFolderPlace(house.placeDir),
    to,
    keys: house.keys,
    id,
    clock: house.options.clock,
    findBreak: (manifest, there) => findJournalBreak({ disk: nodeDisk, directory, journal: 0 }, manifest, there),
  };
}

async function kindOf(work: Promise<{ ok: true } | { ok: false; error: { kind: string } }>): Promise<string> {
  const done = await work;
  return done.ok ? 'ok' : done.error.kind;
}

describe('a second place', () => {
  it('R10: a corrupt primary and rows without letters are offered and refused; without the safeguard they go through (the twin)', async () => {
    await using house = await openBackupHouse(cluster);
    await house.addLetters(5);
    const second = keeping(await openFolderPlace(join(house.folder, 'second')), house.options.clock);
    const id = await take(house);
    const order = await orderFor(house, id, second);
    const [victim = ''] = (await readdir(join(house.placeDir, 'objects'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const whole = await readFile(victim);
    const bad = Buffer.from(whole);
    bad[40] = (bad[40] ?? 0) ^ 4;
    await writeFile(victim, bad);
    assert.equal(await kindOf(passOn(order)), 'objectDamaged');
    assert.deepEqual(await second.list('backups'), []);
    await writeFile(victim, whole);
    assert.equal(await kindOf(passOn(order)), 'ok');

    // an index without letters: the ledger does not let the copy count, so it is not passed on
    const empty: typeof house.neighbours.checkLedger = async (way) => ({
      ...(await house.neighbours.checkLedger(way)),
      isEqual: false,
    });
    const backups = house.backups({ neighbours: { ...house.neighbours, checkLedger: empty } });
    assert.equal(await kindOf(backups.take()), 'ledgerUnequal');
    const listed = await backups.list();
    const unverified = listed.ok ? listed.value.find(({ manifest }) => manifest?.verifiedMs === null) : undefined;
    const offered = await orderFor(house, requireValue(unverified, 'one that does not count').id, second);
    assert.equal(await kindOf(passOn(offered)), 'notVerified');

    // another journal in place of ours
    await using other = await openBackupHouse(cluster);
    await other.addLetters(20);
    const replaced = { ...order, findBreak: (await orderFor(other, id, second)).findBreak };
    assert.equal(await kindOf(passOn(replaced)), 'notContinued');
    assert.equal(await kindOf(passOn({ ...replaced, findBreak: async () => undefined })), 'ok');
  });

  it('gives nothing away before its 30 days, and afterwards what is too old and nothing else', async () => {
    const clock = manualClock(Date.now());
    await using house = await openBackupHouse(cluster, clock);
    const folder = await openFolderPlace(join(house.folder, 'second'));
    const second = keeping(folder, clock);
    await house.addLetters(3);
    const first = await take(house);
    assert.equal(await kindOf(passOn(await orderFor(house, first, second))), 'ok');
    await assert.rejects(
      second.remove('backups', `${first}.manifest`),
      (cause) => cause instanceof PlaceProblem && cause.kind === 'placeKeeps',
    );
    assert.deepEqual(await pruneSecond(second, house.keys, clock), { removed: 0, kept: 0 });
    clock.advanceMs(31 * DAY_MS);
    await house.addLetters(3);
    const next = await take(house);
    assert.equal(await kindOf(passOn(await orderFor(house, next, second))), 'ok');
    assert.ok((await pruneSecond(second, house.keys, clock)).removed > 0);
    assert.deepEqual(
      (await second.list('backups')).map(({ name }) => name),
      [`${next}.manifest`],
    );
    // what is left is whole: it is tried from there
    const again = house.backups({ openPlace: async () => second, placeName: join(house.folder, 'second') });
    assert.equal(await kindOf(again.verify(next)), 'ok');
    // the twin: a place that does not keep lets the newest go
    await folder.remove('backups', `${next}.manifest`);
    assert.deepEqual(await second.list('backups'), []);
  });

  it('may be a bucket on the net: passed on, listed, read back and tried', async () => {
    await using house = await openBackupHouse(cluster);
    await using store = await openStore(house.folder);
    await house.addLetters(5);
    const id = await take(house);
    const { clock } = house.options;
    const place = new S3Place({
      where: { kind: 's3', origin: store.origin, bucket: 'letters', prefix: 'house/one', region: 'us-east-1' },
      login: { accessKey: 'S3RVER', secretKey: 'S3RVER' },
      outgoing: createOutgoing({ resolve: async () => ok(['127.0.0.1']), mayPrivate: true }),
      clock: clockStartingAt(Date.now()),
    });
    const second = keeping(place, clock);
    assert.equal(await kindOf(passOn(await orderFor(house, id, second))), 'ok');
    assert.equal((await second.list('backups')).length, 1);
    const again = house.backups({ openPlace: async () => second, placeName: join(house.folder, 'elsewhere') });
    assert.equal(await kindOf(again.verify(id)), 'ok');
    const wrong = new S3Place({
      where: { kind: 's3', origin: store.origin, bucket: 'letters', prefix: 'house/one', region: 'us-east-1' },
      login: { accessKey: 'somebody-else', secretKey: 'wrong' },
      outgoing: createOutgoing({ resolve: async () => ok(['127.0.0.1']), mayPrivate: true }),
      clock: clockStartingAt(Date.now()),
    });
    await assert.rejects(
      wrong.list('backups'),
      (cause) => cause instanceof PlaceProblem && cause.kind === 'placeForbidden',
    );
    await assert.rejects(place.read('objects', 'a/../b'), /not a name/);
  });

  it('that does not answer is said to be so', async () => {
    await using house = await openBackupHouse(cluster);
    const id = await take(house);
    const server = createServer((_, answer) => answer.writeHead(503).end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const place = new S3Place({
      where: { kind: 's3', origin: `http://127.0.0.1:${port}`, bucket: 'letters', prefix: '', region: 'us-east-1' },
      login: { accessKey: 'a', secretKey: 'b' },
      outgoing: createOutgoing({ resolve: async () => ok(['127.0.0.1']), mayPrivate: true }),
      clock: house.options.clock,
    });
    await assert.rejects(
      passOn(await orderFor(house, id, place)),
      (cause) => cause instanceof PlaceProblem && cause.kind === 'placeUnreachable',
    );
    server.close();
  });
});

/** A store that speaks S3, by somebody else. */
async function openStore(folder: string): Promise<AsyncDisposable & { readonly origin: string }> {
  const untyped = 's3rver';
  const { default: S3rver } = (await import(untyped)) as { default: new (options: object) => Store };
  const directory = join(folder, 's3');
  const store = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'letters', configs: [] }],
  });
  const { port } = await store.run();
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Store {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}
