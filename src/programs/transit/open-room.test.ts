// The room's process: it starts locked in, answers, dies and comes back, and what broke it twice goes back untouched.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { silentLog } from '#base/log/log.ts';
import type { HandOver, OutgoingAnswer } from '#post/transit/control/transit-letter.ts';
import type { HandedIn } from '#post/transit/door/door.ts';
import { isReceiptGenuine, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import { openRoom, type RoomProcess, type RoomRequest, type RoomStart } from './open-room.ts';
import { ROOM_LOCKS, type RoomLocks } from './start-process.ts';

/** A lock that everybody can open, whatever limits the tests were started with: temporary files would lie on a disk. */
const OPEN_LOCKS: RoomLocks = { ...ROOM_LOCKS, bounds: `${ROOM_LOCKS.bounds} && TMPDIR='${import.meta.dirname}'` };
const TINY = new URL('../../../test/transit/tiny-room.ts', import.meta.url);

interface Opened {
  readonly room: RoomProcess;
  readonly answers: readonly OutgoingAnswer[];
  readonly receipts: readonly DeletionReceipt[];
}

const request: RoomRequest = {
  domain: 'siegel.test',
  clock: undefined,
  smtp: { host: '127.0.0.1', port: 0 },
  http: undefined,
  origin: 'https://siegel.test',
  tls: undefined,
  dns: [{ address: '127.0.0.1', port: 9 }],
  key: new Uint8Array(32).fill(1),
  signingSeed: new Uint8Array(32).fill(2),
  accepted: ['swap', 'piped-cores'],
};

async function open(
  t: TestContext,
  change: Partial<RoomRequest> = {},
  start: Partial<RoomStart> = {},
  deliver: (answer: OutgoingAnswer) => Promise<HandOver> = async () => 'taken',
): Promise<Opened> {
  const answers: OutgoingAnswer[] = [];
  const receipts: DeletionReceipt[] = [];
  const opened = await openRoom(
    { ...request, ...change },
    {
      maySend: async () => 'yes',
      async deliver(answer) {
        const how = await deliver(answer);
        if (how === 'taken') answers.push(answer);
        return how;
      },
      record: async (receipt) => void receipts.push(receipt),
    },
    { log: silentLog, entry: TINY, flags: [], ...start },
  );
  assert.ok(opened.ok, JSON.stringify(opened));
  t.after(() => opened.value[Symbol.asyncDispose]());
  return { room: opened.value, answers, receipts };
}

function letter(words: string, id = '1'): HandedIn {
  const text = `From: anna@sender.test\r\nMessage-ID: <${id}@sender.test>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n${words}\r\n--b--\r\n`;
  return {
    plainLetter: Buffer.from(text),
    sender: { local: 'anna', domain: 'sender.test' },
    recipient: { local: 'optimise', domain: 'siegel.test' },
    source: { protocol: 'submission', peer: '127.0.0.1', greetingName: 'c', tlsVersion: undefined, trusted: false },
    receivedMs: Date.now(),
    isSignedIn: true,
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_400 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  assert.ok(isSo());
}

test('a letter goes through the process and back: the result is handed over, the receipt is genuine', async (t) => {
  const { room, answers, receipts } = await open(t);
  const answer = await room.take(letter('drow'));
  assert.ok(answer.ok);
  assert.match(answer.value, /^processed, returned, erased; receipt=[a-z2-7]{26}$/);
  assert.ok(Buffer.from(answers[0]?.plainLetter ?? []).includes(Buffer.from('word').toString('base64')));
  const [receipt] = receipts;
  assert.ok(receipt !== undefined && isReceiptGenuine(receipt));
  assert.deepEqual(await room.room.findReceipt(receipt.facts.job), receipt);
  assert.equal((await room.room.counters()).objects, 0);
});

test('the process can make no core file, no file that grows, and has no folder for temporary files', async (t) => {
  const { room } = await open(t);
  const proc = (name: string): string => readFileSync(`/proc/${room.pid ?? 0}/${name}`, 'utf8');
  assert.match(proc('limits'), /^Max core file size\s+0\s+0/m);
  // with LibreOffice its converter may raise the bound, up to its own file system in memory; the room never does
  assert.match(proc('limits'), /^Max file size\s+0\s+(?:0|268435456)\s/m);
  // but for what notes the connections of a whole test run, in every process
  const names = proc('environ')
    .split('\0')
    .filter((one) => !one.includes('/siegel-connections-'));
  assert.ok(names.includes('TMPDIR=/nonexistent'));
  assert.ok(!names.some((name) => /^(NODE_OPTIONS|NODE_COMPILE_CACHE|SIEGEL_)/.test(name)));
  assert.match(proc('cmdline'), /--permission/);
  const { findings } = await room.room.selfCheck();
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ['swap', 'cores', 'piped-cores', 'temporary-folder', 'runtime-flags', 'cache'],
  );
});

test('without one of its locks the room refuses to start, and says what to do', async () => {
  const refused = await openRoom(
    { ...request, accepted: [] },
    { maySend: async () => 'yes', deliver: async () => 'taken', record: async () => undefined },
    { log: silentLog, entry: TINY, flags: [], locks: OPEN_LOCKS },
  );
  if (refused.ok) await refused.value[Symbol.asyncDispose]();
  assert.ok(!refused.ok && refused.error.kind === 'unsafe');
  const found = refused.error.selfCheck.findings.find(({ kind }) => kind === 'temporary-folder');
  assert.equal(found?.isMet, false);
  assert.match(found.whatToDo, /\.\/siegel/);
});

test('what the operator accepted by name stands in every receipt', async (t) => {
  const { room, receipts } = await open(
    t,
    { accepted: ['swap', 'piped-cores', 'temporary-folder'] },
    { locks: OPEN_LOCKS },
  );
  await room.take(letter('x'));
  assert.ok(receipts[0]?.facts.accepted.includes('temporary-folder'));
});

test('killed, it comes back at the same port and takes the letter again; killing is no letter’s fault', async (t) => {
  const { room, answers } = await open(t);
  const port = room.facts.smtpPort;
  for (let kills = 0; kills < 3; kills++) {
    const taking = room.take(letter('wait 5000'));
    const { pid } = room;
    await until(() => room.pid !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(pid ?? 0, 'SIGKILL');
    assert.deepEqual(await taking, { ok: false, error: { kind: 'transitClosed' } });
    await until(() => room.pid !== undefined && room.pid !== pid);
  }
  assert.equal(room.facts.smtpPort, port);
  const again = await room.take(letter('wait 50'));
  assert.ok(again.ok);
  assert.equal(answers.length, 1);
  assert.doesNotMatch(Buffer.from(answers[0]?.plainLetter ?? []).toString(), /broke off twice/);
});

test('a letter that breaks the process twice goes back untouched the third time', async (t) => {
  const { room, answers } = await open(t);
  for (let breaks = 0; breaks < 2; breaks++) {
    const { pid } = room;
    assert.deepEqual(await room.take(letter('die now')), { ok: false, error: { kind: 'transitClosed' } });
    await until(() => room.pid !== undefined && room.pid !== pid);
  }
  assert.ok((await room.take(letter('die now'))).ok);
  const plain = Buffer.from(answers[0]?.plainLetter ?? []).toString();
  assert.match(plain, /broke off twice/);
  assert.ok(plain.includes(Buffer.from('die now').toString('base64')));
  assert.ok((await room.take(letter('drow', '2'))).ok, 'others are served');
});

test('a letter that breaks the process before it is open is counted too, so that it does come back', async (t) => {
  const entry = new URL('../../../test/transit/fragile-room.ts', import.meta.url);
  const { room } = await open(t, {}, { entry });
  // its port says how many crashes it was told of
  await until(() => room.facts.smtpPort === 4_002);
});

test('a process that has worked and is idle is replaced, so that the kernel wipes what it read', async (t) => {
  const { room } = await open(t, {}, { idleMs: 300 });
  const { pid } = room;
  await new Promise((resolve) => setTimeout(resolve, 800));
  assert.equal(room.pid, pid, 'one that did nothing stays');
  assert.ok((await room.take(letter('drow'))).ok);
  await until(() => room.pid !== undefined && room.pid !== pid);
  assert.ok((await room.take(letter('drow', '2'))).ok);
});

test('work of the page brings its progress, and stops when nobody waits for it', async (t) => {
  const { room } = await open(t);
  const seen: string[] = [];
  const order = (words: string) => ({
    files: [{ name: 'a.pdf', bytes: Buffer.from(words) }],
    profile: 'balanced' as const,
  });
  const done = await room.room.optimise(order('drow'), {
    signal: new AbortController().signal,
    onProgress: ({ step }) => void seen.push(step),
  });
  assert.ok(done.ok);
  assert.equal(Buffer.from(done.value.result.files[0]?.bytes ?? []).toString(), 'word');
  assert.deepEqual(seen, ['done']);
  const stopping = new AbortController();
  // far longer than the test may take
  const stopped = room.room.optimise(order('wait 99999'), { signal: stopping.signal, onProgress: () => undefined });
  setTimeout(() => stopping.abort(), 50);
  const late = new Promise((resolve) => setTimeout(resolve, 60_000, 'late').unref());
  assert.deepEqual(await Promise.race([stopped, late]), { ok: false, error: { kind: 'crashed' } });
  assert.equal((await room.room.counters()).objects, 0);
});

test('ports that the room of a killed program still holds are waited for; without that the start is refused', async (t) => {
  const held = createServer().listen(0, '127.0.0.1');
  await once(held, 'listening');
  const address = held.address();
  assert.ok(typeof address === 'object' && address !== null);
  const smtp = { host: '127.0.0.1', port: address.port };
  const hasty = await openRoom(
    { ...request, smtp, bounds: { portWaitMs: 0 } },
    { maySend: async () => 'yes', deliver: async () => 'taken', record: async () => undefined },
    { log: silentLog, entry: TINY, flags: [] },
  );
  assert.deepEqual(hasty, { ok: false, error: { kind: 'cannot-listen', what: 'smtp', code: 'EADDRINUSE' } });
  const opening = open(t, { smtp });
  await wait(1_000);
  held.close();
  assert.equal((await opening).room.facts.smtpPort, address.port);
});
