// Who may send from outside: the file's grammar, who may write it, and that a change holds without a restart.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { readSenders, watchSenders } from './registered-senders.ts';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'siegel-senders-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('senders are addresses and @domains, one a line; what is neither is refused with its line', async (t) => {
  const path = join(await folder(t), 'senders');
  await writeFile(path, '# the office\nAnna@Sender.test\n\n@firm.test # all of it\n');
  const read = readSenders(path);
  assert.ok(read.ok);
  const { has, count } = read.value;
  assert.deepEqual(
    [count, has('anna@sender.test'), has('ben@sender.test'), has('x@firm.test')],
    [2, true, false, true],
  );
  assert.equal(has('x@sub.firm.test'), false);
  await writeFile(path, 'anna@sender.test\nnobody\n');
  const refused = readSenders(path);
  assert.ok(!refused.ok && refused.error.kind === 'bad-sender' && refused.error.sentence.startsWith('line 2 '));
  assert.equal(readSenders('/nonexistent/senders').ok, false);
  assert.deepEqual(
    [readSenders(undefined)].map((none) => none.ok && none.value.count),
    [0],
  );
});

test('a file that others may write is refused, with the command that mends it', async (t) => {
  const path = join(await folder(t), 'senders');
  await writeFile(path, 'anna@sender.test\n');
  for (const mode of [0o620, 0o602, 0o666]) {
    await chmod(path, mode);
    const refused = readSenders(path);
    assert.ok(!refused.ok && refused.error.kind === 'unsafe-senders');
    assert.ok(refused.error.sentence.endsWith(`chmod go-w ${path}`));
  }
  await chmod(path, 0o644);
  assert.ok(readSenders(path).ok);
});

test('who is added or taken out holds within a second; a broken file changes nothing, and is looked at again', async (t) => {
  const path = join(await folder(t), 'senders');
  await writeFile(path, 'anna@sender.test\n');
  const read = readSenders(path);
  assert.ok(read.ok);
  let nowMs = 0;
  const clock = { ...systemClock, monotonicMs: () => nowMs };
  const warned: string[] = [];
  const log = { ...silentLog, warn: (event: string) => void warned.push(event) };
  const senders = watchSenders(path, read.value, { clock, log });
  const who = async (): Promise<readonly boolean[]> => [
    await senders.has('anna@sender.test'),
    await senders.has('ben@sender.test'),
  ];
  assert.deepEqual(await who(), [true, false]);
  await writeFile(path, 'ben@sender.test\n# anna left\n');
  assert.deepEqual(await who(), [true, false], 'not within the same second');
  nowMs += 1_000;
  assert.deepEqual(await who(), [false, true]);
  for (const spoil of [() => writeFile(path, 'anna@sender.test\nnobody\n'), () => rm(path)]) {
    await spoil();
    nowMs += 1_000;
    assert.deepEqual(await who(), [false, true]);
  }
  assert.deepEqual(warned, ['transit.sendersNotRead', 'transit.sendersNotRead']);
  await writeFile(path, 'anna@sender.test\n');
  nowMs += 1_000;
  assert.deepEqual(await who(), [true, false]);
});
