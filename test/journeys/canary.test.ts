// Issue 2, "what it must show" 6: nothing of a letter, and nothing of who asked, lies anywhere the program writes.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, test } from 'node:test';
import { deflateRawSync, gzipSync, zstdCompressSync, deflateSync } from 'node:zlib';
import {
  CLIENT_ADDRESSES,
  liveAsAnna,
  openCanaryHouse,
  sendLetters,
  sendWhatIsRefused,
  signUpAnna,
  type CanaryHouse,
} from '../canary/canary-life.ts';
import { PLACES } from '../canary/canary-letters.ts';
import { searchBytes, searchDeflated, searchDeleted, searchFolder, type Find } from '../canary/disk-search.ts';
import {
  readJournal,
  valuesOfFiles,
  valuesOfSnapshot,
  valuesOfTables,
  type DiskValue,
  type KeptLetter,
} from '../canary/disk-values.ts';
import { lockOfAccount, plantedKeys, secretsOf, type AnnasSecrets } from '../canary/annas-keys.ts';
import { needlesOf } from '../canary/needles.ts';
import { readTables } from '../own-database.ts';
import { withoutSealing } from '../canary/no-cipher.ts';
import { Locks, tryOwnRecords, tryValues, type AccountLock } from '../canary/try-keys.ts';

const LETTERS = 1_000;
const TWIN_LETTERS = 24;
const isLong = process.env['SIEGEL_LONG'] !== undefined;
/** Lower case, never the same twice: what an earlier run left somewhere is not found. */
const newMarker = (): string => `kanarie${randomBytes(5).toString('hex')}`;

interface Left {
  readonly house: CanaryHouse;
  readonly finds: readonly Find[];
  readonly values: readonly DiskValue[];
  readonly letters: readonly KeptLetter[];
  readonly lock: AccountLock;
  readonly secrets: AnnasSecrets;
}

let leaving: Promise<Left> | undefined;
/** One house for both tests: lived in, stopped, searched, its values collected. */
const left = (): Promise<Left> => (leaving ??= liveAndLeave());
after(async () => (await leaving?.catch(() => undefined))?.house[Symbol.asyncDispose]());

async function liveAndLeave(): Promise<Left> {
  await using opened = new AsyncDisposableStack();
  const house = opened.use(await openCanaryHouse(newMarker()));
  const anna = await signUpAnna(house);
  assert.equal(await sendLetters(house, LETTERS), LETTERS);
  await sendWhatIsRefused(house);
  await liveAsAnna(house, anna);
  const { dataDir } = house.program;
  const tables = await readTables(dataDir);
  const secrets = await secretsOf(anna);
  const finds = await searchEverywhere(house, [house.marker, ...CLIENT_ADDRESSES]);
  const journal = await readJournal(join(dataDir, 'journal', '00'), 25);
  const values = [
    ...valuesOfTables(tables),
    ...valuesOfSnapshot(join(dataDir, 'directory.sqlite')),
    ...journal.values,
    ...(await valuesOfFiles(house.folder, (path) => path.startsWith('data-kit'))),
    { where: 'what it printed', bytes: Buffer.from(house.program.output()), isHouse: true },
  ];
  opened.move();
  return { house, finds, values, letters: journal.letters, lock: lockOfAccount(tables), secrets };
}

test('of 1,000 letters, their senders and the clients nothing is found on the disk, in no form', async (t) => {
  const { finds, values, house } = await left();
  const needles = needlesOf(house.marker);
  const deflated: Find[] = [];
  const seen = new Set<string>();
  for (const { where, bytes } of values) {
    const name = bytes.toString('latin1', 0, 64);
    if (bytes.length < 16 || seen.has(name)) continue;
    seen.add(name);
    deflated.push(...(await searchDeflated(where, bytes, needles)));
  }
  t.diagnostic(JSON.stringify({ letters: LETTERS, values: values.length, finds: finds.length + deflated.length }));
  assert.deepEqual([...finds, ...deflated], []);
});

test('no key, row or file on the disk opens a letter, as whatever key it is tried', async (t) => {
  const { values, letters, lock } = await left();
  assert.equal(letters.length, LETTERS);
  const some = (isLong ? [0, 1, LETTERS / 2, LETTERS - 1] : [0, LETTERS - 1])
    .map((n) => letters[n])
    .filter((letter) => letter !== undefined);
  const tried = await tryValues(values, new Locks(lock, letters, some), isLong);
  const own = tryOwnRecords(letters, isLong);
  t.diagnostic(JSON.stringify({ ...tried, own: own.length }));
  assert.ok(tried.candidates > 10_000);
  assert.deepEqual([...tried.opened, ...own], []);
});

test('a key that does lie on the disk, in any usual form, opens letters: the twin', async (t) => {
  const { letters, lock, secrets } = await left();
  const [letter] = letters;
  assert.ok(letter);
  const locks = new Locks(lock, letters, [letter]);
  const planted = await plantedKeys(secrets, letter);
  const found: string[] = [];
  for (const [where, bytes] of Object.entries(planted)) {
    const { opened } = await tryValues([{ where, bytes, isHouse: true }], locks);
    if (opened.length > 0) found.push(`${where}: ${opened[0]?.use}`);
  }
  t.diagnostic(found.join('; '));
  assert.equal(found.length, Object.keys(planted).length);
});

test('with sealing off the same search finds every kind of marker: the twin', async (t) => {
  const marker = newMarker();
  await using house = await openCanaryHouse(marker, { NODE_OPTIONS: withoutSealing() });
  await signUpAnna(house);
  assert.equal(await sendLetters(house, TWIN_LETTERS), TWIN_LETTERS);
  const finds = await searchEverywhere(
    house,
    PLACES.map((place) => `${marker}${place}`),
  );
  t.diagnostic(JSON.stringify({ found: [...new Set(finds.map(({ token, form }) => `${token.slice(17)} ${form}`))] }));
  assert.deepEqual(new Set(finds.map(({ token }) => token)), new Set(PLACES.map((place) => `${marker}${place}`)));
  assert.ok(finds.some(({ form }) => form.startsWith('base64')));
});

/** While it runs: what it holds open without a name. After its end, when everything is written: every file, and what it printed. */
async function searchEverywhere({ program, folder }: CanaryHouse, tokens: readonly string[]): Promise<readonly Find[]> {
  const needles = tokens.flatMap(needlesOf);
  const finds: Find[] = [];
  for (const pid of await familyOf(program.pid)) finds.push(...(await searchDeleted(pid, needles)));
  await wait(1_500); // steps of the trace go to the disk once a second
  await program.stop();
  finds.push(...(await searchFolder(folder, needles)));
  return [...finds, ...(await searchBytes('what it printed', Buffer.from(program.output()), needles))];
}

/** The program and what it started: its database. */
async function familyOf(pid: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const family = [pid];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}

test('the search finds a marker in every form it promises to find', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-search-'));
  t.after(() => rm(folder, { recursive: true }));
  const marker = newMarker();
  const text = Buffer.from(`Something about ${marker} and more of it`);
  const forms: Record<string, Buffer> = {
    raw: text,
    'UTF-16': Buffer.from(text.toString(), 'utf16le'),
    'UTF-16 the other way': Buffer.from(text.toString(), 'utf16le').swap16(),
    hex: Buffer.from(text.toString('hex')),
    'base64, one phase': Buffer.from(text.toString('base64')),
    'base64, the next': Buffer.from(text.subarray(1).toString('base64')),
    'base64, the last': Buffer.from(text.subarray(2).toString('base64url')),
    zlib: Buffer.concat([randomBytes(5_000), deflateSync(text), randomBytes(100)]),
    gzip: Buffer.concat([Buffer.alloc(9_000), gzipSync(text.toString('base64')), Buffer.alloc(100)]),
    zstd: Buffer.concat([randomBytes(3), zstdCompressSync(text)]),
  };
  for (const [name, bytes] of Object.entries(forms)) await writeFile(join(folder, name), bytes);
  const needles = needlesOf(marker);
  const finds = await searchFolder(folder, needles);
  const found = new Set(
    finds.map(({ where }) =>
      where
        .split(',')
        .slice(0, where.startsWith('base64') ? 2 : 1)
        .join(),
    ),
  );
  assert.deepEqual(found, new Set(Object.keys(forms)));
  assert.equal((await searchDeflated('a value', deflateRawSync(text), needles)).length, 1);
  assert.deepEqual(await searchBytes('nothing', randomBytes(1_000_000), needles), []);
});
