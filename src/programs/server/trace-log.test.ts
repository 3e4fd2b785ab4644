// The trace of a letter: found by its id for a week, then gone from the disk.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type TraceId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { TraceLog } from './trace-log.ts';

test('the steps of a letter are found by its id for seven days and are then forgotten', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-trace-'));
  const clock = manualClock(Date.parse('2026-03-01T10:00:00Z'));
  const trace = await TraceLog.open(directory, clock, silentLog);
  const id = newId<TraceId>();
  trace.note(id, 'received');
  trace.note(newId<TraceId>(), 'received');
  clock.advanceMs(5);
  trace.note(id, 'kept');
  assert.deepEqual(
    (await trace.find(id)).map(({ step }) => step),
    ['received', 'kept'],
  );
  assert.deepEqual(await trace.find(newId<TraceId>()), []);
  clock.advanceMs(7 * 86_400_000);
  await trace.flush();
  assert.equal((await trace.find(id)).length, 2);
  clock.advanceMs(86_400_000);
  await trace.flush();
  assert.deepEqual(await trace.find(id), []);
  assert.deepEqual(await readdir(directory), []);
  await trace.close();
  await rm(directory, { recursive: true });
});
