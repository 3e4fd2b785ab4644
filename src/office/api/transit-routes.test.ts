// The drop page's HTTP: documents in, progress and results out of one answer; who may, what is refused, and that leaving ends the work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { silentLog } from '#base/log/log.ts';
import { answerFrame, type AnswerFrame } from '#formats/transit-wire/drop-frames.ts';
import { createFrameReader, frameLine } from '#formats/transit-wire/frames.ts';
import type { TransitRoom } from '#post/transit/control/room.ts';
import { dropRoom, type DropRoomWishes } from '../../../test/fakes/drop-room.ts';
import { serveHttp } from './http-server.ts';
import type { StaticPages } from './static-pages.ts';
import { createTransitRoutes, ORDER_TYPE, type TransitNeighbours } from './transit-routes.ts';
import { createTransitSite } from './transit-site.ts';

const pages: StaticPages = {
  frame: undefined,
  isBuilt: false,
  find: (path) => new Response(path, { status: path === '/transit' ? 200 : 404 }),
};

interface House extends AsyncDisposable {
  readonly url: string;
  readonly room: TransitRoom;
}

async function openHouse(wishes: DropRoomWishes = {}, more: Partial<TransitNeighbours> = {}): Promise<House> {
  const room = dropRoom(wishes);
  const of = { room, access: 'open', mayUse: () => Promise.resolve(true), address: 'optimise@kanzlei.test' } as const;
  const routes = createTransitRoutes({ ...of, ...more });
  const site = createTransitSite({ routes, pages, log: silentLog });
  const http = serveHttp({ host: '127.0.0.1', port: 0, tls: undefined, log: silentLog }, site);
  const listening = await http.listen();
  assert.ok(listening.ok);
  return { url: listening.value.url, room, [Symbol.asyncDispose]: () => http.close() };
}

type Sent = readonly (readonly [head: object, bytes?: string])[];
const order: Sent = [[{ kind: 'order', profile: 'balanced', language: 'de' }]];

function bodyOf(frames: Sent): Uint8Array<ArrayBuffer> {
  const parts = frames.flatMap(([head, bytes = '']) => [frameLine(head, bytes.length), Buffer.from(bytes)]);
  return new Uint8Array(Buffer.concat(parts));
}

function drop(house: House, frames: Sent, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': ORDER_TYPE };
  return fetch(`${house.url}/transit/jobs`, { method: 'POST', body: bodyOf(frames), headers, ...init });
}

interface Heard {
  readonly frame: AnswerFrame;
  readonly text: string;
}

async function hear(answer: Response): Promise<readonly Heard[]> {
  const reader = createFrameReader({ headBytes: 100_000, bytes: 1_000_000 });
  const pushed = reader.push(new Uint8Array(await answer.arrayBuffer()));
  assert.ok(pushed.ok && reader.end().ok);
  return pushed.value.map(({ head, bytes }) => ({
    frame: v.parse(answerFrame, head),
    text: new TextDecoder().decode(bytes),
  }));
}

test('documents come back in the answer to their own request, progress first, the end last', async () => {
  await using house = await openHouse();
  const answer = await drop(house, [
    ...order,
    [{ kind: 'file', name: 'a.pdf' }, 'AAAA'],
    [{ kind: 'file', name: 'b.pdf' }, 'BB'],
  ]);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const heard = await hear(answer);
  const kinds = heard.map(({ frame }) => frame.kind);
  assert.equal(kinds[0], 'progress');
  assert.equal(kinds.at(-1), 'end');
  const files = heard.flatMap(({ frame, text }) => (frame.kind === 'file' ? [[frame.name, text]] : []));
  assert.deepEqual(files, [
    ['01_a.pdf', 'AA'],
    ['02_b.pdf', 'B'],
  ]);
  const receipt = heard.find(({ frame }) => frame.kind === 'receipt');
  assert.match(receipt?.text ?? '', /"salts"/, 'the file of the receipt holds what ties it to the documents');
  assert.ok(kinds.filter((kind) => kind === 'preview').length === 4, 'two pictures a document');
});

test('who may not use it is told to sign in, and nothing of the body is looked at', async () => {
  await using house = await openHouse({}, { access: 'signIn', mayUse: () => Promise.resolve(false) });
  assert.equal((await drop(house, [...order, [{ kind: 'file', name: 'a.pdf' }, 'AAAA']])).status, 401);
  assert.equal((await fetch(`${house.url}/transit/counters`)).status, 401);
  const door = (await (await fetch(`${house.url}/transit/door`)).json()) as { isLetIn: boolean; access: string };
  assert.deepEqual([door.isLetIn, door.access], [false, 'signIn']);
});

test('a code in the header opens, another does not', async () => {
  const mayUse = (request: Request) => Promise.resolve(request.headers.get('authorization') === 'Bearer right');
  await using house = await openHouse({}, { access: 'code', mayUse });
  const isLetIn = async (code: string): Promise<boolean> => {
    const answer = await fetch(`${house.url}/transit/door`, { headers: { authorization: `Bearer ${code}` } });
    return ((await answer.json()) as { isLetIn: boolean }).isLetIn;
  };
  assert.deepEqual([await isLetIn('right'), await isLetIn('wrong')], [true, false]);
});

test('another site can neither send documents nor read an answer', async () => {
  await using house = await openHouse();
  const from = { 'content-type': ORDER_TYPE, origin: 'https://elsewhere.test' };
  const frames: Sent = [...order, [{ kind: 'file', name: 'a' }, 'A']];
  assert.equal((await drop(house, frames, { headers: from })).status, 403);
  assert.equal((await drop(house, frames, { headers: { 'content-type': 'text/plain' } })).status, 400);
  assert.equal((await fetch(`${house.url}/transit/door`, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
});

test('an order without wishes, without documents, or with something else in it is refused', async () => {
  await using house = await openHouse();
  const file = [{ kind: 'file', name: 'a.pdf' }, 'AA'] as const;
  for (const frames of [
    [file],
    order,
    [...order, ...order, file],
    [...order, [{ kind: 'x' }]],
  ] satisfies readonly Sent[])
    assert.equal((await drop(house, frames)).status, 400, JSON.stringify(frames));
  const cut = bodyOf([...order, file]).slice(0, -1);
  const headers = { 'content-type': ORDER_TYPE };
  assert.equal((await fetch(`${house.url}/transit/jobs`, { method: 'POST', body: cut, headers })).status, 400);
});

test('more than a letter may weigh, or too many documents, are refused before any work', async () => {
  await using house = await openHouse();
  const lying: Sent = [...order, [{ kind: 'file', name: 'a', bytes: limits.transit.letterBytes + 1 }]];
  assert.equal((await drop(house, lying)).status, 413);
  const many = Array.from(
    { length: limits.transit.dropFilesMax + 1 },
    () => [{ kind: 'file', name: 'a' }, 'A'] as const,
  );
  assert.equal((await drop(house, [...order, ...many])).status, 413);
});

test('a page that is left ends its work', async () => {
  const stopped = { isSo: false };
  const until = new Promise<void>((resolve) => setTimeout(resolve, 60_000).unref());
  await using house = await openHouse({ until, onStop: () => (stopped.isSo = true) });
  const leaving = new AbortController();
  const answer = await drop(house, [...order, [{ kind: 'file', name: 'a' }, 'A']], { signal: leaving.signal });
  await answer.body?.getReader().read();
  leaving.abort();
  for (let tries = 0; tries < 1_500 && !stopped.isSo; tries++) await wait(20);
  assert.ok(stopped.isSo);
});

test('what the room refuses is said in the answer, and nothing follows it but the end', async () => {
  await using house = await openHouse({ refusal: 'noRoom' });
  const heard = await hear(await drop(house, [...order, [{ kind: 'file', name: 'a' }, 'A']]));
  assert.deepEqual(
    heard.map(({ frame }) => frame),
    [{ kind: 'refused', why: 'noRoom' }, { kind: 'end' }],
  );
});

test('counters tell no exact sizes, and receipts are found by their job alone', async () => {
  await using house = await openHouse({ bytesNow: 123_456 });
  const counters = (await (await fetch(`${house.url}/transit/counters`)).json()) as { bytes: number };
  assert.equal(counters.bytes, 200_000);
  assert.equal((await fetch(`${house.url}/transit/receipts/unheard-of-job`)).status, 404);
  await hear(await drop(house, [...order, [{ kind: 'file', name: 'a' }, 'A']]));
  assert.equal((await fetch(`${house.url}/transit/receipts/job0123456789abcdefghijkl`)).status, 200);
});

test('the site alone leads to the page and has no mailbox', async () => {
  await using house = await openHouse();
  const first = await fetch(`${house.url}/`, { redirect: 'manual' });
  assert.deepEqual([first.status, first.headers.get('location')], [302, '/transit']);
  assert.equal(await (await fetch(`${house.url}/transit`)).text(), '/transit');
  assert.equal((await fetch(`${house.url}/mail`)).status, 404);
});

test('what the machine was checked for is a page for people in both languages, and data for programs', async () => {
  await using house = await openHouse();
  const ask = (path: string): Promise<string> =>
    fetch(`${house.url}${path}`, { headers: { accept: 'text/html,*/*' } }).then((answer) => answer.text());
  assert.match(await ask('/transit/self-check?lang=en'), /Memory and disk/);
  assert.match(await ask('/transit/self-check?lang=de'), /Arbeitsspeicher und Platte/);
  const data = (await (await fetch(`${house.url}/transit/self-check`)).json()) as { findings: unknown[] };
  assert.equal(data.findings.length, 6);
});

test('a room that must not open says why and what to do, and its page says that it is shut', async () => {
  const finding = { kind: 'swap', isMet: false, seen: '', whatToDo: '', isAccepted: false } as const;
  await using house = await openHouse({ selfCheck: { checkedMs: 1, findings: [finding] } });
  const page = await fetch(`${house.url}/transit/self-check?lang=en`, { headers: { accept: 'text/html' } });
  assert.match(await page.text(), /The room is shut.*Turn it off with swapoff/s);
  const door = (await (await fetch(`${house.url}/transit/door`)).json()) as { isShut: boolean };
  assert.equal(door.isShut, true);
});
