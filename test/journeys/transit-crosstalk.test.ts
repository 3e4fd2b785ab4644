// Twenty senders at once, and kills: nobody's words are in anybody else's result, report, receipt, metric or log; one worker for many jobs would show.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { documentLetter, openAlone, sendLetter, type AloneProgram } from '../transit/alone.ts';
import { openedResult } from '../transit/opened-result.ts';
import { standIn } from '../transit/worker-workshop.ts';

const SENDERS = 20;
const ROUNDS = process.env['SIEGEL_LONG'] === '1' ? 4 : 1;
const KILLS = 4 * ROUNDS;
const markOf = (at: number): string => `marker-x${String(at).padStart(2, '0')}y`;
const senderOf = (at: number): string => `person${at}@sender.test`;

/** Each letter has its mark in its subject, in its file's name and in its file. */
function letterOf(at: number, round: number): string {
  const picture = standIn(`${markOf(at)} pages=2 round ${round}`);
  return documentLetter({ from: senderOf(at), id: `m${at}-${round}`, words: '', picture })
    .replace('Subject: documents', `Subject: ${markOf(at)}`)
    .replace('filename=a.png', `filename=${markOf(at)}.png`);
}

async function sendUntilTaken(alone: AloneProgram, at: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const letter = letterOf(at, round);
    let isTaken = false;
    for (let tries = 0; tries < 120 && !isTaken; tries++) {
      isTaken = (await sendLetter(alone.ready.smtpPort, letter, senderOf(at))).startsWith('250 ');
      if (!isTaken) await wait(150);
    }
    assert.ok(isTaken, `the letter of ${at} was never taken: ${alone.said()}`);
  }
}

/** Words of some letter, or whose it was. */
const tells = (words: string): boolean => /marker-|person\d/.test(words);

/** Results in which a mark stands that is not their receiver's. */
function foreign({ sink }: AloneProgram): readonly string[] {
  return sink.taken.flatMap(({ to, plainText }) => {
    const opened = openedResult(plainText);
    const others = Array.from({ length: SENDERS }, (_, at) => at).filter((at) => senderOf(at) !== to);
    return others
      .filter((at) => opened.includes(markOf(at)) || opened.includes(senderOf(at)))
      .map((at) => `${markOf(at)} came to ${to}`);
  });
}

test('twenty senders at once, and kills: nobody’s words are in anybody else’s result, in the log or in the counters', async () => {
  await using alone = await openAlone(['--room=worker-room.ts']);
  const sending = Promise.all(Array.from({ length: SENDERS }, (_, at) => sendUntilTaken(alone, at)));
  for (let kills = 0; kills < KILLS; kills++) {
    await wait(900);
    const { roomPid } = await alone.look();
    if (roomPid !== undefined) process.kill(roomPid, kills % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
  }
  await sending;
  assert.deepEqual(foreign(alone), []);
  for (let at = 0; at < SENDERS; at++) {
    const own = alone.sink.taken.filter(({ to }) => to === senderOf(at));
    assert.equal(new Set(own.map(({ messageId }) => messageId)).size, ROUNDS, 'each of its letters came back');
    assert.ok(own.every(({ plainText }) => openedResult(plainText).includes(`%PDF-made 0 ${markOf(at)}`)));
  }
  const { httpUrl, bookPath } = await alone.look();
  const told = [alone.said(), await readFile(bookPath, 'utf8')];
  for (const path of ['/transit/counters', '/transit/self-check', '/transit/door'])
    told.push(await (await fetch(`${httpUrl}${path}`)).text());
  assert.deepEqual(told.filter(tells), []);
});

test('a workshop that keeps its workers from one job to the next is found: the same look sees others’ words', async () => {
  await using alone = await openAlone(['--room=shared-room.ts']);
  for (const at of [0, 1]) {
    const reply = await sendLetter(alone.ready.smtpPort, letterOf(at, 0), senderOf(at));
    assert.match(reply, /^250 /);
  }
  assert.deepEqual(foreign(alone), [`${markOf(0)} came to ${senderOf(1)}`]);
  assert.ok(alone.sink.taken.every(({ plainText }) => tells(openedResult(plainText).toString('latin1'))));
});
