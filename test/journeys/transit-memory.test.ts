// What /proc/PID/mem shows of documents that went through, in the room's process and in the program that hands results over, while they live: nothing, seconds after the work; with the wiping off, the same look finds them.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { countInMemory, formsOf } from '#programs/transit/search-memory.ts';
import { documentLetter, openAlone, sendLetter, type AloneProgram } from '../transit/alone.ts';
import { standIn } from '../transit/worker-workshop.ts';

const MARK = 'marker-of-a-document-that-went-through';
const SETTLED_MS = 2_000;
/** Until after the second wiping, which comes five seconds after the work, on a machine that has other things to do. */
const LOOKS_MAX = 5;
/** A machine with other things to do does not hear its name server in time: the sender comes again, as it is told. */
const TRIES_MAX = 20;

/** By letter: one with a small document, one with a large one, one that a worker dies of, one that is refused once it was read. */
async function sendAll(alone: AloneProgram): Promise<void> {
  const send = async (id: string, words: string, from = 'anna@sender.test'): Promise<string> => {
    const picture = standIn(`${`${MARK} `.repeat(words === 'large' ? 20_000 : 20)} ${words}`);
    const letter = documentLetter({ id, from, words: '', picture })
      .replace('Subject: documents', `Subject: ${MARK}`)
      .replace('a.png', `${MARK}.png`);
    let reply = await sendLetter(alone.ready.smtpPort, letter, from);
    for (let tries = 1; tries < TRIES_MAX && reply.startsWith('451 4.4.3'); tries++)
      reply = await sendLetter(alone.ready.smtpPort, letter, from);
    return reply;
  };
  for (const words of ['pages=2', 'large', 'at-page DIE']) assert.match(await send(words, words), /^250 /);
  assert.match(await send('forged', 'x', 'anna@forged.test'), /^550 /);
  assert.match(await send('last', 'x'), /^250 /);
}

async function countSettled(pids: readonly number[], looksMax: number): Promise<readonly number[]> {
  let counts: readonly number[] = [];
  for (let looks = 0; looks < looksMax && (looks === 0 || counts.some((count) => count > 0)); looks++) {
    await wait(SETTLED_MS);
    counts = pids.map((pid) => countInMemory(pid, formsOf(MARK)));
  }
  return counts;
}

/** As it is, as UTF-16, as base64 at each of its places. */
function countByForm(pids: readonly number[]): readonly (readonly number[])[] {
  return formsOf(MARK).map((form) => pids.map((pid) => countInMemory(pid, [form])));
}

/** How many words of it stand in the room's memory, and in the program's. */
async function countAfterWork(t: TestContext, wipes: boolean): Promise<readonly [number, number]> {
  await using alone = await openAlone(['--room=worker-room.ts', ...(wipes ? [] : ['--wipes-nothing'])]);
  const roomPid = alone.ready.roomPid ?? 0;
  await sendAll(alone);
  const [count = 0, outside = 0] = await countSettled([roomPid, alone.ready.pid], wipes ? LOOKS_MAX : 1);
  t.diagnostic(`${count} in the room, ${outside} in the program that hands results over`);
  if (wipes && count + outside > 0) t.diagnostic(JSON.stringify(countByForm([roomPid, alone.ready.pid])));
  assert.equal((await alone.look()).roomPid, roomPid, 'it is the same process');
  return [count, outside];
}

test('seconds after the work no word of it is in the room’s memory, nor in that of the program that hands results over', async (t) => {
  assert.deepEqual(await countAfterWork(t, true), [0, 0]);
});

test('with the wiping off, the same look finds many', async (t) => {
  let [count, outside] = [0, 0];
  // now and then what was freed is used again for something else before anybody looks
  for (let tries = 0; tries < 4 && (count <= 100 || outside === 0); tries++)
    [count, outside] = await countAfterWork(t, false);
  assert.ok(count > 100 && outside > 0);
});
