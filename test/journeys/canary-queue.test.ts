// The canary with letters on their way out: while they wait their keys lie on the disk and open exactly them; when they have left nothing there opens anything.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { MailboxClient } from '#web/client/mailbox-client.ts';
import { lockOfAccount } from '../canary/annas-keys.ts';
import { openCanaryHouse, sendLetters, signUpAnna, type CanaryHouse } from '../canary/canary-life.ts';
import { searchBytes, searchDeleted, searchFolder } from '../canary/disk-search.ts';
import { readJournal, valuesOfFiles, valuesOfSnapshot, valuesOfTables, type DiskValue } from '../canary/disk-values.ts';
import { LiveLocks, readLiveEntries, type LiveEntry } from '../canary/live-locks.ts';
import { needlesOf } from '../canary/needles.ts';
import { Locks, tryValues } from '../canary/try-keys.ts';
import { countWaiting } from '../delivery-house.ts';
import { startHostilePeer, type HostilePeer } from '../fakes/hostile-peer.ts';
import { readTables } from '../own-database.ts';
import { draftFor, openMailbox, until } from '../world.ts';

const LEAVING = 5;
const WAITING = 6;
const ARRIVING = 8;
const LATER_MS = 20 * 24 * 3_600_000;
const marker = `kanarie${randomBytes(5).toString('hex')}`;
const needles = needlesOf(marker);
const isLong = process.env['SIEGEL_LONG'] !== undefined;

const opened = new AsyncDisposableStack();
let peer: HostilePeer;
let house: CanaryHouse;
let mail: MailboxClient;
/** Letters that left later, as they lay on the disk while they waited, and the slots with their keys. */
let gone: readonly LiveEntry[];
let slotsBefore: Buffer;

before(async () => {
  peer = opened.use(await startHostilePeer());
  house = opened.use(await openCanaryHouse(marker, { SIEGEL_SMARTHOST: `127.0.0.1:${peer.port}` }));
  const anna = await signUpAnna(house);
  mail = await openMailbox(anna);
  await sendLetters(house, ARRIVING);
});
after(() => opened.disposeAsync());

async function write(count: number, from: number, sendAtMs: number | undefined): Promise<void> {
  for (let n = from; n < from + count; n += 1) {
    const address = `${marker}to${n}@${marker}.example`;
    const words = { subject: `${marker}subject${n}`, plainText: `${marker}body${n}` };
    const bytes = Uint8Array.from(Buffer.from(`${marker}content${n}\n`.repeat(20)));
    const file = { name: `${marker}file.txt`, mediaType: 'text/plain', bytes, contentId: undefined };
    const draft = { ...(await draftFor(mail, address, words)), files: [file] };
    const sent = await mail.send(draft, { undoMs: 0, sendAtMs, unsealed: [address] });
    assert.ok(sent.ok, JSON.stringify(sent));
  }
}

const live = (): string => join(house.program.dataDir, 'live');

/** Whatever could be a key: rows, records, files, words printed; of the key kit and the slots every 32 bytes. */
async function collect(): Promise<{ readonly values: readonly DiskValue[]; readonly locks: Locks }> {
  const { dataDir } = house.program;
  const tables = await readTables(dataDir);
  const journal = await readJournal(join(dataDir, 'journal', '00'), 1);
  const isHouse = (path: string): boolean =>
    path.startsWith('data-kit') || path.startsWith(isLong ? 'data/live' : 'data/live/slots');
  const values = [
    ...valuesOfTables(tables),
    ...(await snapshotValues(dataDir)),
    ...journal.values,
    ...(await valuesOfFiles(house.folder, isHouse)),
    { where: 'what it printed', bytes: Buffer.from(house.program.output()), isHouse: true },
  ];
  const some = journal.letters.filter((_, at) => at === 0 || at === journal.letters.length - 1);
  // canary.test.ts looks through everything that is the house's; here it is the slots
  const looked = values.map((value) => ({ ...value, isHouse: isHouse(value.where) || (isLong && value.isHouse) }));
  return { values: looked, locks: new Locks(lockOfAccount(tables), journal.letters, some) };
}

/** Of a copy: the program holds its own for itself. */
async function snapshotValues(dataDir: string): Promise<readonly DiskValue[]> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-snapshot-'));
  try {
    for (const name of ['directory.sqlite', 'directory.sqlite-wal'])
      await copyFile(join(dataDir, name), join(folder, name)).catch(() => undefined);
    return valuesOfSnapshot(join(folder, 'directory.sqlite'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('letters leave, and nothing that lies on the disk opens what lay there before', async (t) => {
  await house.program.siegel(['queue', 'hold', '--apply']);
  await write(LEAVING, 0, undefined);
  await until(async () => ((await countWaiting(house.program)) === LEAVING ? true : undefined), 'the queue');
  gone = await readLiveEntries(live());
  slotsBefore = await readFile(join(live(), 'slots'));
  assert.equal(gone.length, LEAVING);
  await house.program.siegel(['queue', 'release', '--apply']);
  await until(async () => (peer.letters.length === LEAVING ? true : undefined), 'the letters at the peer');
  await until(async () => ((await countWaiting(house.program)) === 0 ? true : undefined), 'an empty queue');
  assert.match(peer.letters[0]?.bytes.toString('latin1') ?? '', new RegExp(`${marker}body`), 'they went in the clear');
  const { values } = await collect();
  const tried = await tryValues(values, new LiveLocks([...gone, ...(await readLiveEntries(live()))]), isLong);
  t.diagnostic(JSON.stringify(tried));
  assert.ok(tried.candidates > 3_000);
  assert.deepEqual(tried.opened, []);
});

test('twin: the slots as they were while those letters waited open all of them', async () => {
  const value = { where: 'slots before', bytes: slotsBefore, isHouse: true };
  const { opened } = await tryValues([value], new LiveLocks(gone));
  assert.deepEqual(new Set(opened.map(({ use }) => use)), new Set(gone.map(({ id }) => `letter ${id}`)));
});

test('while letters wait their keys open exactly them, and no sealed letter; nothing lies in clear', async (t) => {
  await write(WAITING, LEAVING, Date.now() + LATER_MS);
  assert.equal(await countWaiting(house.program), WAITING);
  assert.deepEqual(await searchDeleted(house.program.pid, needles), []);
  const { values, locks } = await collect();
  await wait(1_500); // steps of the trace go to the disk once a second
  await house.program.stop();
  const entries = await readLiveEntries(live());
  const keys = await tryValues(values, new LiveLocks([...gone, ...entries]), isLong);
  t.diagnostic(JSON.stringify({ ...keys, opened: keys.opened.length, entries: entries.length }));
  const found = new Set(keys.opened.map(({ use }) => use));
  assert.equal(found.size, WAITING);
  assert.ok(gone.every(({ id }) => !found.has(`letter ${id}`)));
  assert.deepEqual(new Set(keys.opened.map(({ where }) => where)), new Set(['data/live/slots']));
  const isQueues = ({ where }: DiskValue): boolean => /data\/live|submission|outbound|record 11[2-5]/.test(where);
  const ofQueue = await tryValues(isLong ? values : values.filter(isQueues), locks, isLong);
  t.diagnostic(JSON.stringify(ofQueue));
  assert.ok(ofQueue.candidates > 500);
  assert.deepEqual(ofQueue.opened, []);
  assert.deepEqual(await searchFolder(house.folder, needles), []);
  assert.deepEqual(await searchBytes('what it printed', Buffer.from(house.program.output()), needles), []);
});
