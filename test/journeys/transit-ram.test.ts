// Nothing of the room reaches a disk: no process of it opens a file for writing, under load and while it is killed; with the locks off, the same look finds one.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { documentLetter, openAlone, sendLetter, type AloneProgram } from '../transit/alone.ts';
import { boundMemory } from '../transit/memory-bound.ts';
import { openedResult } from '../transit/opened-result.ts';
import { straceMissing, traceWrites } from '../transit/trace-writes.ts';
import { standIn } from '../transit/worker-workshop.ts';

const skip = straceMissing() ?? false;

/** Its process, once there is one again. */
async function livingRoom(alone: AloneProgram): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const { roomPid } = await alone.look();
    // one that has just died may not have been missed yet
    if (roomPid !== undefined && existsSync(`/proc/${roomPid}/limits`)) return roomPid;
    await wait(50);
  }
  return assert.fail('the room did not come back');
}

async function sendUntilTaken(alone: AloneProgram, letter: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const reply = await sendLetter(alone.ready.smtpPort, letter);
    if (/^(?:250|5)/.test(reply)) return reply;
    await wait(150);
  }
  return `never taken; ${alone.said()}`;
}

test('no process of the room opens a file for writing, under load, aborts and kills', { skip }, async () => {
  await using alone = await openAlone();
  const trace = await traceWrites([alone.ready.pid, await livingRoom(alone)], join(alone.folder, 'trace'));
  const sending = Array.from({ length: 12 }, (_, at) =>
    sendUntilTaken(alone, documentLetter({ id: `l${at}`, words: `wait ${200 + 90 * at} ${'x'.repeat(50_000)}` })),
  );
  await wait(500);
  process.kill(await livingRoom(alone), 'SIGKILL');
  await wait(900);
  process.kill(await livingRoom(alone), 'SIGSEGV');
  await wait(900);
  const replies = await Promise.all([
    ...sending,
    sendUntilTaken(alone, documentLetter({ id: 'dies', words: 'die now' })),
  ]);
  assert.ok(
    replies.every((reply) => reply.startsWith('250')),
    replies.join('\n'),
  );
  assert.deepEqual(await trace.stop(), []);
});

test(
  'nor when workers break, throw, or take more memory than they may: each costs its own file',
  { skip },
  async () => {
    await using alone = await openAlone(['--room=worker-room.ts']);
    const trace = await traceWrites([alone.ready.pid, await livingRoom(alone)], join(alone.folder, 'trace'));
    const bad = {
      'at-page DIE': 'the work on it broke off',
      'at-inspect THROW': 'it is damaged',
      'at-page BUFFERS': 'there was too little memory for it',
      'at-inspect WASM': 'there was too little memory for it',
    };
    for (const [what] of Object.entries(bad)) {
      const letter = documentLetter({ id: what.replace(' ', ''), words: '', picture: standIn(what) });
      assert.match(await sendLetter(alone.ready.smtpPort, letter), /^250 /, what);
    }
    const said = alone.sink.taken.map(({ plainText }) => openedResult(plainText).toString('latin1'));
    for (const [at, why] of Object.values(bad).entries()) assert.ok(said[at]?.includes(why), `${why}: ${said[at]}`);
    assert.deepEqual(await trace.stop(), []);
  },
);

test('nor when the kernel kills the room itself for its memory', { skip }, async (t) => {
  await using alone = await openAlone();
  const roomPid = await livingRoom(alone);
  const trace = await traceWrites([alone.ready.pid, roomPid], join(alone.folder, 'trace'));
  const bound = boundMemory(roomPid, 16 * 1024 * 1024);
  if (typeof bound === 'string') return t.skip(bound);
  using killing = bound;
  const sending = sendUntilTaken(alone, documentLetter({ id: 'large', words: `wait 1000 ${'x'.repeat(20_000_000)}` }));
  for (let tries = 0; tries < 200 && killing.killed() === 0; tries++) await wait(50);
  assert.ok(killing.killed() > 0);
  assert.match(await sending, /^250 /, 'the next process, which is not confined, takes the retry');
  assert.deepEqual(await trace.stop(), []);
});

test('a letter for which the kernel kills the room twice goes back untouched; a kill by somebody counts for none', async (t) => {
  for (const isConfined of [true, false]) {
    await using alone = await openAlone();
    const held = join(alone.folder, 'held');
    await writeFile(held, '');
    // the room is another user
    await chmod(alone.folder, 0o755);
    const letter = documentLetter({ id: 'greedy', words: isConfined ? 'take 400' : `hold ${held}` });
    for (let kills = 0; kills < 2; kills++) {
      const roomPid = await livingRoom(alone);
      const bound = isConfined ? boundMemory(roomPid, 150 * 1024 * 1024) : undefined;
      if (typeof bound === 'string') return t.skip(bound);
      using killing = bound;
      const sending = sendLetter(alone.ready.smtpPort, letter);
      if (killing === undefined) {
        await untilAtWork(alone);
        process.kill(roomPid, 'SIGKILL');
      }
      assert.doesNotMatch(await sending, /^250/);
      if (killing !== undefined) assert.equal(killing.killed(), 1, alone.said());
      await goneRoom(roomPid);
    }
    await livingRoom(alone);
    await rm(held);
    assert.match(await sendUntilTaken(alone, letter), /^250/);
    const said = alone.sink.taken.map(({ plainText }) => openedResult(plainText).toString('latin1')).join('\n');
    assert.equal(said.includes('broke off twice'), isConfined, said.slice(0, 400));
  }
});

/** The controller has the letter, and the program knows it. */
async function untilAtWork(alone: AloneProgram): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const counters = (await (await fetch(`${alone.ready.httpUrl}/transit/counters`)).json()) as { atWork: number };
    if (counters.atWork > 0) return;
    await wait(20);
  }
  assert.fail('the letter never came to work');
}

async function goneRoom(pid: number): Promise<void> {
  for (let tries = 0; tries < 100 && existsSync(`/proc/${pid}`); tries++) await wait(50);
}

test(
  'the look finds a workshop that writes a file once the locks are off, and the locks keep it from it',
  { skip },
  async (t) => {
    for (const hasLocks of [false, true])
      await t.test(hasLocks ? 'locked' : 'unlocked', async () => {
        await using alone = await openAlone(hasLocks ? [] : ['--unlocked']);
        // where whoever the room runs as could write
        const open = join(alone.folder, 'open');
        await mkdir(open);
        for (const folder of [alone.folder, open]) await chmod(folder, 0o777);
        const path = join(open, 'written');
        const trace = await traceWrites([await livingRoom(alone)], join(alone.folder, 'trace'));
        const reply = await sendLetter(alone.ready.smtpPort, documentLetter({ id: 'w', words: `write ${path}` }));
        const writes = await trace.stop();
        assert.match(reply, hasLocks ? /^451 4\.3\.0/ : /^250/);
        assert.equal(
          writes.some((line) => line.includes(path)),
          !hasLocks,
          writes.join('\n'),
        );
        assert.equal(existsSync(path), !hasLocks);
      });
  },
);

test(
  'with the real workshop no process opens a file for writing, also when the room is killed in the middle of a page',
  { skip },
  async () => {
    await using alone = await openAlone(['--real']);
    const picture = await paper();
    const trace = await traceWrites([alone.ready.pid, await livingRoom(alone)], join(alone.folder, 'trace'));
    const first = sendLetter(alone.ready.smtpPort, documentLetter({ id: 'p', words: '', picture }));
    // its workers run by then
    await untilAtWork(alone);
    await wait(1_500);
    process.kill(await livingRoom(alone), 'SIGKILL');
    await first;
    let reply = '';
    for (let tries = 0; tries < 80 && !reply.startsWith('250'); tries++) {
      reply = await sendLetter(alone.ready.smtpPort, documentLetter({ id: 'p', words: '', picture }));
      if (reply === '') await wait(300);
    }
    assert.match(reply, /^250/);
    assert.match(alone.sink.taken[0]?.plainText ?? '', /filename="?[^"\r\n]*\.pdf/);
    assert.deepEqual(await trace.stop(), []);
  },
);

/** A page of a few words, as a scanner gives it. */
async function paper(): Promise<Uint8Array> {
  const lines = ['Aktenzeichen 4711/26', 'Sehr geehrte Damen und Herren,', 'anbei die Klage.'];
  const text = lines.map(
    (line, at) => `<text x="120" y="${240 + at * 90}" font-size="44" font-family="sans-serif">${line}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="1754"><rect width="100%" height="100%" fill="white"/>${text.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Of the room's own process. */
function rssBytes(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** In its long form with the real workshop and a page to read. */
const isLong = process.env['SIEGEL_LONG'] === '1';

const LOOKS_MAX = 10;
const EARLY_LOOKS = [8, 12, 16, 20];

// what the runtime has at hand swings by 16 MB from job to job, with no trend; what is kept stays, however many jobs follow: so the least of some looks, early as late
test('memory after 200 jobs is at most a tenth more than after 20', async (t) => {
  await using alone = await openAlone(isLong ? ['--real'] : []);
  const roomPid = await livingRoom(alone);
  const picture = isLong ? { picture: await paper() } : {};
  const words = 'x'.repeat(200_000);
  let at = 0;
  const run = async (until: number): Promise<number> => {
    for (; at < until; at++) {
      const letter = documentLetter({ id: `r${at}`, words, ...picture });
      assert.match(await sendLetter(alone.ready.smtpPort, letter), /^250/);
    }
    await wait(1_000);
    return rssBytes(roomPid);
  };
  let early = Infinity;
  for (const jobs of EARLY_LOOKS) early = Math.min(early, await run(jobs));
  let late = await run(200);
  for (let looks = 1; looks < LOOKS_MAX && late > 1.1 * early; looks++) late = Math.min(late, await run(at + 4));
  const said = `${Math.round(early / 1e6)} MB after 20, ${Math.round(late / 1e6)} MB after ${at}`;
  t.diagnostic(said);
  assert.ok(late <= 1.1 * early, said);
  assert.equal(await livingRoom(alone), roomPid, 'it is the same process');
});
