// The collector as a program of its own: ten thousand reports leave nothing of themselves in its folder, its words or its memory; whoever was answered is counted, whenever it is killed.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import type { SealedReport } from '#office/telemetry/report/envelope.ts';
import {
  askCard,
  countedOnDisk,
  openLife,
  seal,
  sendAll,
  siegel,
  someReport,
  type Life,
} from '../telemetry/collector-life.ts';
import { searchFor, type Found, type Search } from '../telemetry/search-many.ts';

const START = ['collector', 'start'];
/** Whoever sends from here could be known again by it. */
const SENDER = '127.45.67.89';
const DAY_MS = 86_400_000;
const WIPED_WITHIN_MS = 60_000;
const PLANTED = '5ea1ed5ea1ed00112233445566778899';

type Marker = 'key' | 'middle' | 'end' | 'secret' | 'address';
const NOTHING: Found<Marker> = { key: 0, middle: 0, end: 0, secret: 0, address: 0 };

function markersOf(reports: readonly SealedReport[]): Search<Marker> {
  return searchFor<Marker>({
    key: reports.map(({ bytes }) => bytes.subarray(7, 23)),
    middle: reports.map(({ bytes }) => bytes.subarray(100, 116)),
    end: reports.map(({ bytes }) => bytes.subarray(-16)),
    secret: reports.map(({ exchange }) => exchange.sharedSecret),
    address: [Buffer.from(SENDER)],
  });
}

async function sendMany(life: Life, count: number): Promise<readonly SealedReport[]> {
  const card = await askCard(life.url);
  const day = Math.floor(Date.now() / DAY_MS);
  const reports = Array.from({ length: count }, (_, nth) => seal(someReport(nth, day), card));
  const sent = await sendAll(life.url, reports, { from: SENDER });
  assert.equal(sent.filter(({ status }) => status === 204).length, count);
  assert.equal(await countedOnDisk(life.folder), count);
  return reports;
}

async function lookAtDisk(life: Life, search: Search<Marker>): Promise<readonly Found<Marker>[]> {
  const names = await readdir(life.folder);
  assert.ok(names.length >= 3, names.join(' '));
  return Promise.all(names.map(async (name) => search.inBytes(await readFile(join(life.folder, name)))));
}

test('10,000 reports leave no mark in the collector’s folder, its words and its memory', async (t) => {
  const life = await openLife(t, { words: START });
  const reports = await sendMany(life, 10_000);
  const search = markersOf(reports);
  assert.deepEqual(
    search.inBytes(Buffer.concat(reports.map(({ bytes }) => bytes))),
    { ...NOTHING, key: 10_000, middle: 10_000, end: 10_000 },
    'the search finds what is there',
  );
  const end = performance.now() + WIPED_WITHIN_MS;
  let found = search.inMemory(life.pid);
  while (performance.now() < end && Object.values(found).some((count) => count > 0)) {
    await wait(500);
    found = search.inMemory(life.pid);
  }
  assert.deepEqual(found, NOTHING, 'memory');
  for (const inFile of await lookAtDisk(life, search)) assert.deepEqual(inFile, NOTHING, 'folder');
  assert.deepEqual(search.inBytes(Buffer.from(life.said())), NOTHING, 'words');
  assert.doesNotMatch(life.said(), /report|204|127\.45/i, 'nothing is written of one');
  assert.equal(await life.stop(), 0);
  for (const inFile of await lookAtDisk(life, search)) assert.deepEqual(inFile, NOTHING, 'folder, stopped');
});

test('twin: a collector that keeps its reports is found out, in its folder and in its memory', async (t) => {
  const life = await openLife(t, { flags: ['--keeps-rows', `--plant=${PLANTED}`] });
  const reports = await sendMany(life, 500);
  const search = markersOf(reports);
  const found = search.inMemory(life.pid);
  assert.ok(found.key === 500 && found.middle === 500 && found.end === 500, JSON.stringify(found));
  const onDisk = await lookAtDisk(life, search);
  assert.equal(Math.max(...onDisk.map(({ middle }) => middle)), 500);
  const planted = searchFor({ planted: [Buffer.from(PLANTED, 'hex')] });
  assert.deepEqual(planted.inMemory(life.pid), { planted: 1 }, 'memory is read at all');
});

test('twin: without overwriting, the last report stays', async (t) => {
  const life = await openLife(t, { flags: ['--wipes-nothing'] });
  const search = markersOf(await sendMany(life, 200));
  await wait(2_000); // more than the first wipe would take
  assert.ok(search.inMemory(life.pid).middle > 0);
});

interface Killed {
  readonly answered: number;
  readonly counted: number;
  readonly sent: number;
}

/** Reports over 16 connections; the program is killed when so many were answered; then started again. */
async function killAmid(t: TestContext, options: Parameters<typeof openLife>[1], killAt: number): Promise<Killed> {
  const life = await openLife(t, options);
  const card = await askCard(life.url);
  const day = Math.floor(Date.now() / DAY_MS);
  const reports = Array.from({ length: 600 }, (_, nth) => seal(someReport(nth, day), card));
  let killed: Promise<void> | undefined;
  const sent = await sendAll(life.url, reports, {
    onAnswer: (answered) => {
      if (answered === killAt) killed = life.kill();
    },
  });
  await requireValue(killed, 'it was killed');
  const counted = await countedOnDisk(life.folder);
  const answered = sent.filter(({ status }) => status === 204).length;
  assert.ok(answered >= killAt && answered < reports.length, `${answered} were answered`);
  await life.start();
  assert.deepEqual(await askCard(life.url), card, 'the same keys after the kill');
  const more = reports.slice(answered + 100, answered + 110);
  const later = await sendAll(life.url, more);
  assert.ok(
    later.every(({ status }) => status === 204 || status === 409),
    JSON.stringify(later),
  );
  await life.stop();
  return { answered, counted, sent: reports.length };
}

test('whoever was answered is counted, also when the program is killed between report and answer', async (t) => {
  for (const killAt of [1, 40, 300]) {
    const { answered, counted } = await killAmid(t, { words: START }, killAt);
    assert.ok(counted >= answered, `${answered} answered, ${counted} counted`);
    assert.ok(counted <= answered + 16, 'no more than were under way');
  }
});

test('twin: a collector that answers before its count is on the disk loses some', async (t) => {
  const { answered, counted } = await killAmid(t, { flags: ['--answers-early'] }, 300);
  assert.ok(counted < answered, `${answered} answered, ${counted} counted`);
});

test('one folder, one collector: a second is refused and the first goes on', async (t) => {
  const life = await openLife(t, { words: START });
  const second = siegel(START, { ...life.environment, SIEGEL_HTTP_PORT: '0' });
  assert.notEqual(second.code, 0);
  assert.match(second.error, /another|already|uses|in use/i);
  await sendMany(life, 10);
});
