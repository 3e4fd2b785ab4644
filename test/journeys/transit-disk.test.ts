// What is on the disk once documents went through: no core file, no object, no word of them in any file that changed nor in the raw bytes of the disk; each look finds what is planted.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { documentLetter, openAlone, sendLetter, type AloneProgram } from '../transit/alone.ts';
import { openedResult } from '../transit/opened-result.ts';
import { changedSince, holdsAny, openRawDisk, wholeMachine } from '../transit/raw-disk.ts';
import { standIn } from '../transit/worker-workshop.ts';

const CORE_BLOCKS = 2_048;

/** Else why a crash leaves no core file here, whatever the limit says. */
function coresMissing(): string | undefined {
  const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  if (/^\||\//.test(pattern)) return `kernel.core_pattern is ${pattern}: no core file comes beside its process`;
  const hard = /^Max core file size\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return hard === '0' ? 'core files are shut for good where the tests were started (ulimit -c 0)' : undefined;
}

test('a process that breaks in the middle of a letter leaves no core file; with the limit open it does', async (t) => {
  for (const isOpen of [false, true]) {
    const skip = isOpen && (coresMissing() ?? false);
    await t.test(isOpen ? 'limit open' : 'locked', { skip }, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'siegel-cores-'));
      await chmod(folder, 0o777);
      const limits = isOpen ? `ulimit -c ${CORE_BLOCKS}` : 'ulimit -c 0 && ulimit -f 0';
      try {
        await using alone = await openAlone([`--bounds=cd ${folder} && ${limits}`], {
          SIEGEL_TRANSIT_ACCEPT: 'swap, piped-cores, cores',
        });
        assert.equal(await sendLetter(alone.ready.smtpPort, documentLetter({ id: 'd', words: 'die now' })), '');
        for (let tries = 0; tries < 40 && readdirSync(folder).length === 0; tries++) await wait(50);
        assert.equal(readdirSync(folder).filter((name) => name.startsWith('core')).length, isOpen ? 1 : 0);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});

test('the room’s own process has a hard limit of 0 for core files', async () => {
  await using alone = await openAlone();
  const limits = readFileSync(`/proc/${alone.ready.roomPid ?? 0}/limits`, 'utf8');
  assert.match(limits, /^Max core file size\s+0\s+0/m);
});

const MARK = 'marker-that-nobody-else-has';

/** A few letters with the mark, of which workers die, and the room with them. */
async function workThrough(alone: AloneProgram): Promise<void> {
  const words = ['pages=3', 'at-page DIE', 'at-inspect THROW', 'pages=2'];
  const sending = words.map(async (what, at) => {
    const picture = standIn(`${MARK} ${what}`);
    const letter = documentLetter({ id: `k${at}`, words: '', picture }).replace('a.png', `${MARK}.png`);
    for (let tries = 0; tries < 100; tries++) {
      if ((await sendLetter(alone.ready.smtpPort, letter)).startsWith('250 ')) return;
      await wait(150);
    }
    assert.fail(`${what} was never taken: ${alone.said()}`);
  });
  for (const signal of ['SIGSEGV', 'SIGKILL'] as const) {
    await wait(600);
    const { roomPid } = await alone.look();
    if (roomPid !== undefined) process.kill(roomPid, signal);
  }
  await Promise.all(sending);
}

/** As it is, as a worker's answer might be kept, and as mail programs code it. */
const forms = (text: string): readonly string[] => [
  text,
  Buffer.from(text, 'utf16le').toString('latin1'),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${'.'.repeat(shift)}${text}`)
      .toString('base64')
      .slice(shift === 0 ? 0 : shift + 1, -4),
  ),
];

test('after the last job nothing is left: no object in the store, no word in any file of the machine that changed', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'siegel-changed-'));
  try {
    const stamp = join(scratch, 'stamp');
    await writeFile(stamp, '');
    await wait(20);
    await using alone = await openAlone(['--room=worker-room.ts']);
    await workThrough(alone);
    const counters = await (await fetch(`${alone.ready.httpUrl}/transit/counters`)).json();
    assert.equal(counters.objects, 0);
    const changed = changedSince(stamp, wholeMachine(['/dev/shm', '/run', tmpdir(), '/var/tmp']));
    const { bookPath } = alone.ready;
    assert.ok(changed.includes(bookPath), 'the look sees the one file that is written');
    assert.deepEqual(
      changed.filter((path) => holdsAny(path, forms(MARK))),
      [],
    );
    assert.ok(openedResult(alone.sink.taken[0]?.plainText ?? '').includes(MARK), 'the search would find it');
    const planted = join(scratch, 'planted');
    await writeFile(planted, `and ${MARK} in the middle`);
    assert.deepEqual(
      changedSince(stamp, [scratch]).filter((path) => holdsAny(path, forms(MARK))),
      [planted],
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

test('on the raw bytes of its disk nothing of a document is to be found, while a file that was deleted is', async (t) => {
  const disk = await openRawDisk();
  if (typeof disk === 'string') return t.skip(disk);
  await using raw = disk;
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = raw.folder;
  try {
    await using alone = await openAlone(['--room=worker-room.ts'], { TMPDIR: raw.folder });
    assert.ok(alone.folder.startsWith(raw.folder));
    await workThrough(alone);
    const deleted = join(alone.folder, 'deleted');
    await writeFile(deleted, 'Kontrolle-die-einmal-da-war');
    await mkdir(join(alone.folder, 'beside'));
    raw.sync();
    await rm(deleted);
    raw.sync();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  raw.sync();
  assert.ok(raw.holds('siegel transit deletion receipt'), 'its book was written there');
  assert.ok(raw.holds('Kontrolle-die-einmal-da-war'), 'deleted, and still there');
  for (const form of forms(MARK)) assert.equal(raw.holds(form), false);
});
