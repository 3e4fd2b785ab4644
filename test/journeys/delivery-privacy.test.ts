// Whom letters went to is known nowhere once they are gone; and an older copy put back sends none of them again.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { searchBytes, searchDeleted, searchFolder } from '../canary/disk-search.ts';
import { needlesOf } from '../canary/needles.ts';
import { countWaiting, letterText, openDeliveryHouse, zoneOf, type DeliveryHouse } from '../delivery-house.ts';
import { startHostilePeer } from '../fakes/hostile-peer.ts';
import { signUp } from '../signed-in.ts';

const ZONE = zoneOf({ 'there.test': '127.0.0.1' });

async function handIn(house: DeliveryHouse, accountId: string, recipients: readonly string[]): Promise<void> {
  const door = await house.open();
  await Promise.all(
    recipients.map(async (to, at) => {
      const token = `token-${at}-${randomBytes(4).toString('hex')}`;
      const letter = Buffer.from(letterText('anna@siegel.test', 'hidden@siegel.test', token)).toString('base64');
      const answer = await door.handIn({ token, accountId, from: 'anna@siegel.test', recipients: [to], letter });
      assert.ok(answer.ok, JSON.stringify(answer));
    }),
  );
  door.close();
}

async function untilEmpty(house: DeliveryHouse): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await countWaiting(house.program)) === 0) return;
    await wait(100);
  }
  assert.fail(`letters still wait\n${house.program.output()}`);
}

test('after 100 letters left, their recipients are nowhere: data folder, database log, journal, what was printed', async (t) => {
  const marker = `kanarie${randomBytes(5).toString('hex')}`;
  await using peer = await startHostilePeer({
    answers: {
      RCPT: (line) =>
        line.includes(`${marker}no`) ? `550 5.1.1 ${line.slice(9)} is nobody here` : line.includes(`${marker}later`) && Math.random() < 0.5 ? '451 4.2.0 later' : undefined,
    },
  }); // prettier-ignore
  await using house = await openDeliveryHouse({ peerPort: peer.port, retriesMs: [300] }, ZONE, { SIEGEL_LOG: 'debug' });
  const { accountId } = await signUp(() => house.program, 'anna');
  const word = (at: number): string => (at % 10 === 0 ? 'no' : at % 10 === 1 ? 'later' : 'ok');
  const recipients = Array.from({ length: 100 }, (_, at) => `${marker}${word(at)}${at}@there.test`);
  await house.program.siegel(['queue', 'hold', '--apply']);
  await handIn(house, accountId, recipients);
  const { dataDir } = house.program;
  const needles = needlesOf(marker);
  assert.deepEqual(await searchFolder(dataDir, needles), [], 'sealed even while they wait');
  const keys = await keysThatWait(join(dataDir, 'live', 'slots'));
  assert.equal(keys.length, 100);
  await house.program.siegel(['queue', 'release', '--apply']);
  await untilEmpty(house);
  assert.equal(peer.letters.length, 90);
  assert.deepEqual(await searchDeleted(house.program.pid, needles), []);
  assert.deepEqual(await searchBytes('what it printed', Buffer.from(house.program.output()), needles), []);
  await house.program.kill();
  assert.deepEqual(await searchFolder(dataDir, needles), []);
  // nor anything that could open what may still lie on the medium
  const slots = await readFile(join(dataDir, 'live', 'slots'));
  assert.equal(keys.filter((key) => slots.includes(key)).length, 0);
  const journal = await readFile(join(dataDir, 'journal', '00', 'key-00000001.journal'));
  t.diagnostic(`${slots.length} bytes of slots, ${journal.length} of journal searched, ${needles.length} forms`);
});

/** The keys of letters that wait (0013: 32 bytes at 40 in slots of 128 whose state is 1 or 2). */
async function keysThatWait(path: string): Promise<readonly Buffer[]> {
  const bytes = await readFile(path);
  const keys: Buffer[] = [];
  for (let at = 0; at + 128 <= bytes.length; at += 128)
    if (bytes[at + 5] === 1 || bytes[at + 5] === 2) keys.push(bytes.subarray(at + 40, at + 72));
  return keys;
}

/** Everything the program keeps but the live store; with it for the twin. */
async function copyData(from: string, to: string, withLiveStore: boolean): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (name.endsWith('.sock') || (name === 'live' && !withLiveStore)) continue;
    await rm(join(to, name), { recursive: true, force: true });
    // with owners: the program does not run as who started it
    execFileSync('cp', ['-a', join(from, name), to]);
  }
}

/** 50 letters wait, a copy is taken, they leave, the copy is put back; how many leave then, and what the operator is told. */
async function putBack(withLiveStore: boolean): Promise<{ readonly again: number; readonly held: unknown }> {
  await using peer = await startHostilePeer();
  await using house = await openDeliveryHouse({ peerPort: peer.port }, ZONE);
  const { accountId } = await signUp(() => house.program, 'anna');
  await house.program.siegel(['queue', 'hold', '--apply']);
  await handIn(house, accountId, Array.from({ length: 50 }, (_, at) => `ben${at}@there.test`)); // prettier-ignore
  const { dataDir } = house.program;
  const copy = join(dataDir, '..', 'copy');
  await stopAnd(house, () => copyData(dataDir, copy, withLiveStore));
  await house.program.siegel(['queue', 'release', '--apply']);
  await untilEmpty(house);
  assert.equal(peer.letters.length, 50);
  await stopAnd(house, () => copyData(copy, dataDir, withLiveStore));
  const listed = await house.program.siegel(['queue', 'list', '--json']);
  const { held } = JSON.parse(listed.stdout) as { held: unknown };
  await house.program.siegel(['queue', 'release', '--apply']);
  await untilEmpty(house);
  await wait(500);
  return { again: peer.letters.length - 50, held };
}

async function stopAnd(house: DeliveryHouse, work: () => Promise<void>): Promise<void> {
  process.kill(house.program.pid, 'SIGTERM');
  while (await isThere(house.program.pid)) await wait(50);
  await wait(300); // the guard of its database ends a moment later
  await work();
  house.program = await house.program.restart();
}

async function isThere(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' && !/\) Z /.test(status);
}

test('a copy of database and journal with 50 letters waiting, put back after they left, sends none of them', async () => {
  assert.deepEqual(await putBack(false), { again: 0, held: 'restored' });
});

test('twin: with the live store in the copy all 50 leave again', async () => {
  assert.equal((await putBack(true)).again, 50);
});
