// Workers that wait: each serves one job, holds nothing before it, and none is left behind.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '#base/clock.ts';
import { standIn } from '../../../../test/transit/worker-workshop.ts';
import { nameFiles } from '../names/name-files.ts';
import { findSandbox, type Sandbox } from './locks.ts';
import { makeOptimise } from './make-optimise.ts';
import { startWorker, type Role, type StartWorker, type Worker } from './start-worker.ts';
import { isAlive, testProgram } from './test-workshop.ts';
import { keepWorkersWaiting, type WaitingWay, type WaitingWorkers } from './waiting-workers.ts';

const ROLES: readonly Role[] = ['read', 'page', 'bind', 'verify'];
const program = testProgram('test-worker.ts');
let sandbox: Sandbox = { kind: 'none', why: 'notInstalled' };

before(async () => {
  sandbox = await findSandbox(program);
});

interface Watched {
  readonly waiting: WaitingWorkers;
  readonly begun: Worker[];
}

function keep(way: Partial<WaitingWay> = {}): Watched {
  const begun: Worker[] = [];
  const start: StartWorker = (role) => {
    const worker = startWorker(program, role, { sandbox, hasBounds: true, hasPermissions: true });
    begun.push(worker);
    return worker;
  };
  return { waiting: keepWorkersWaiting({ start, roles: ROLES, hasRoom: () => true, pauseMs: 50, ...way }), begun };
}

async function words(waiting: WaitingWorkers, text: string): Promise<string> {
  const optimise = makeOptimise({
    clock: systemClock,
    start: waiting.start,
    afterJobs: waiting.rest,
    pagesAtOnce: 1,
    nameFiles,
  });
  const files = [{ name: 'a.png', bytes: standIn(text) }];
  const way = { signal: AbortSignal.timeout(20_000), onProgress: () => undefined };
  const result = await optimise({ files, profile: 'balanced' }, way);
  assert.equal(result.report.files[0]?.kept, undefined);
  return Buffer.from(result.files[0]?.bytes ?? []).toString();
}

test('a job is served by workers that waited, none of them serves a second one, and nothing of the first is in the second', async () => {
  const { waiting, begun } = keep();
  waiting.fill();
  assert.equal(begun.length, ROLES.length);
  assert.match(await words(waiting, 'marker-one'), /marker-one/);
  assert.equal(begun.length, ROLES.length, 'nothing else was begun');
  assert.ok(
    begun.every(({ pid }) => !isAlive(pid)),
    'those that served are gone',
  );
  await wait(300);
  assert.equal(begun.length, 2 * ROLES.length, 'others wait');
  const second = await words(waiting, 'marker-two');
  assert.match(second, /marker-two/);
  assert.doesNotMatch(second, /marker-one/);
  await waiting.close();
  assert.ok(begun.every(({ pid }) => !isAlive(pid)));
});

test('one that died while it waited costs nobody a file', async () => {
  const { waiting, begun } = keep();
  waiting.fill();
  for (const worker of begun) {
    worker.kill();
    await worker.ended;
  }
  assert.match(await words(waiting, 'marker-one'), /marker-one/);
  await waiting.close();
});

test('none begins to wait while a job is at work, nor where there is no room, and those that nobody needs end', async () => {
  const busy = keep();
  busy.waiting.rest();
  const worker = busy.waiting.start('read');
  await wait(150);
  assert.equal(busy.begun.length, 1, 'the pause was ended by the job');
  worker.kill();
  await worker.ended;
  const full = keep({ hasRoom: () => false });
  full.waiting.fill();
  assert.equal(full.begun.length, 0);
  const unneeded = keep({ waitMs: 50 });
  unneeded.waiting.fill();
  await wait(50);
  await Promise.all(unneeded.begun.map(({ ended }) => ended));
  assert.ok(unneeded.begun.every(({ pid }) => !isAlive(pid)));
});
