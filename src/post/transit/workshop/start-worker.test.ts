// A worker in its locks: what it cannot do, the same with the locks open, and what becomes of one that misbehaves.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { findSandbox, findUnshare, type Locks, type Sandbox, type WorkerProgram } from './locks.ts';
import { startWorker, type Worker } from './start-worker.ts';
import { isAlive, testProgram } from './test-workshop.ts';
import type { Trial } from './messages.ts';

const WAIT_MS = 20_000;
const program: WorkerProgram = testProgram('test-worker.ts');
const folder = mkdtempSync(join(tmpdir(), 'siegel-transit-test-'));
let sandbox: Sandbox = { kind: 'none', why: 'notInstalled' };
const server = createServer((socket) => socket.destroy());
let port = '';

before(async () => {
  sandbox = await findSandbox(program);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? String(address.port) : '';
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const OPEN: Locks = { sandbox: { kind: 'none', why: 'notInstalled' }, hasBounds: false, hasPermissions: false };

async function isRefused(locks: Locks, what: Trial, where: string): Promise<boolean> {
  const worker = startWorker(program, 'locks', locks);
  try {
    const answer = await worker.ask('try', { what, where }, WAIT_MS);
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.value.isRefused;
  } finally {
    worker.kill();
    await worker.ended;
  }
}

async function ends(role: string): Promise<string> {
  const worker = startWorker(program, role, { sandbox, hasBounds: true, hasPermissions: true });
  const answer = await worker.ask(
    'bind',
    { coding: 'g4', made: [], source: undefined },
    role === 'HANG' ? 1_500 : WAIT_MS,
  );
  await worker.ended;
  assert.ok(!isAlive(worker.pid), 'the process is gone');
  assert.ok(!answer.ok && answer.error.isGone, JSON.stringify(answer));
  return answer.error.kind;
}

test('a worker writes no file: each lock alone refuses it, and with all of them open it is written', async () => {
  const file = join(folder, 'written');
  assert.equal(await isRefused({ ...OPEN, hasPermissions: true }, 'write', file), true);
  assert.ok(!existsSync(file));
  assert.equal(await isRefused({ ...OPEN, hasBounds: true }, 'write', file), true);
  rmSync(file, { force: true }); // a bound of zero bytes lets an empty file be
  if (sandbox.kind !== 'none') assert.equal(await isRefused({ ...OPEN, sandbox }, 'write', file), true);
  assert.ok(!existsSync(file));
  assert.equal(await isRefused(OPEN, 'write', file), false);
  assert.ok(existsSync(file));
});

test('a worker reads nothing but its own code', async () => {
  const file = join(folder, 'written');
  assert.equal(await isRefused({ ...OPEN, hasPermissions: true }, 'read', '/etc/passwd'), true);
  if (sandbox.kind !== 'none') {
    assert.equal(await isRefused({ ...OPEN, sandbox }, 'read', '/etc/passwd'), true);
    assert.equal(await isRefused({ ...OPEN, sandbox }, 'read', file), true);
  }
  assert.equal(await isRefused(OPEN, 'read', '/etc/passwd'), false);
});

test('a worker starts no other program', async () => {
  assert.equal(await isRefused({ ...OPEN, hasPermissions: true }, 'start', '/bin/true'), true);
  assert.equal(await isRefused(OPEN, 'start', '/bin/true'), false);
});

test('a worker in bubblewrap reaches no network', async (t) => {
  assert.equal(await isRefused(OPEN, 'connect', port), false);
  if (sandbox.kind === 'none') return t.skip(`bubblewrap: ${sandbox.why}`);
  assert.equal(await isRefused({ ...OPEN, sandbox }, 'connect', port), true);
});

test('without bubblewrap a worker reaches no network where the machine allows a network of its own', async (t) => {
  const unsharePath = await findUnshare(program);
  assert.equal(await isRefused(OPEN, 'connect', port), false);
  if (unsharePath === undefined) return t.skip('the machine allows none');
  const walled: Sandbox = { kind: 'none', why: 'notInstalled', unsharePath };
  assert.equal(await isRefused({ ...OPEN, sandbox: walled }, 'connect', port), true);
});

test('a worker begins without any environment, whatever its starter has', async () => {
  assert.equal(await isRefused(OPEN, 'read', 'environment'), true);
});

test('a worker that hangs is killed when its time is over', async () => {
  assert.equal(await ends('HANG'), 'outOfTime');
});

test('a worker that dies, prints between the frames or lies about lengths is gone, with a reason', async () => {
  for (const role of ['DIE', 'NOISE', 'LENGTHS']) assert.equal(await ends(role), 'workerFailed', role);
});

test('a worker that takes too much memory is stopped by its bound, in buffers, in WebAssembly and in the heap', async () => {
  for (const role of ['BUFFERS', 'WASM', 'HEAP']) assert.equal(await outOfMemory(role), true, role);
});

test('a worker that somebody else kills was killed by the kernel, which does so for want of memory', async () => {
  for (const which of ['first', 'last'] as const) {
    const worker = startWorker(program, 'HANG', { sandbox, hasBounds: true, hasPermissions: true });
    const asking = worker.ask('bind', { coding: 'g4', made: [], source: undefined }, WAIT_MS);
    await wait(1_000);
    const line = lineOf(worker.pid ?? 0);
    process.kill(line.at(which === 'first' ? 0 : -1) ?? 0, 'SIGKILL');
    assert.deepEqual(await asking, { ok: false, error: { kind: 'outOfMemory', isGone: true } }, which);
    worker.kill();
    await worker.ended;
  }
});

/** A process, its child, the child's child: the sandbox first, the runtime last. */
function lineOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [pid] : [pid, ...lineOf(Number(children.split(' ')[0]))];
}

/** Of a library that runs out of memory the worker says so itself; the runtime dies of it. */
async function outOfMemory(role: string): Promise<boolean> {
  const worker = startWorker(program, role, { sandbox, hasBounds: true, hasPermissions: true });
  const answer = await worker.ask('bind', { coding: 'g4', made: [], source: undefined }, WAIT_MS);
  worker.kill();
  await worker.ended;
  return !answer.ok && answer.error.kind === 'outOfMemory';
}

test('a worker that was killed answers nothing more, and its process is gone', async () => {
  const worker: Worker = startWorker(program, 'locks', { sandbox, hasBounds: true, hasPermissions: true });
  const first = await worker.ask('bind', { coding: 'g4', made: [], source: undefined }, WAIT_MS);
  assert.ok(first.ok && Buffer.from(first.value.bytes).toString().startsWith('%PDF-made'));
  assert.ok(isAlive(worker.pid));
  worker.kill();
  await worker.ended;
  assert.ok(!isAlive(worker.pid));
  const second = await worker.ask('bind', { coding: 'g4', made: [], source: undefined }, WAIT_MS);
  assert.deepEqual(second, { ok: false, error: { kind: 'workerFailed', isGone: true } });
});
