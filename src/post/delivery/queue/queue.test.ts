// The queue: letters leave once, are tried again, are given up and told of; what is held waits; a start compares and sends nothing twice.

import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { newId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { accountId, kinds, makeWorld, noticeOf, until, type World } from './test-queue.ts';
import type { Queue } from './queue.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function send(world: World, queue: Queue, ...recipients: string[]) {
  const sent = await queue.submit(world.letter(recipients));
  assert.ok(sent.ok, JSON.stringify(sent));
  return sent.value.submissionId;
}

/** Moves the clock and has the queue look at it. */
async function pass(world: World, queue: Queue, ms: number): Promise<void> {
  world.clock.advanceMs(ms);
  await queue.release(undefined);
}

function isOver(world: World): boolean {
  return kinds(world).at(-1) === 'submissionDone';
}

test('a letter leaves once for each domain, its end is journalled, and nothing of it is left', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const id = await send(world, queue, 'ben@there.test', 'cleo@there.test', 'dan@else.test', 'emil@siegel.test');
  await until(() => isOver(world), 'the end');
  assert.deepEqual(world.sent.map(({ domain, recipients }) => `${domain} ${recipients.length}`).toSorted(), [
    'else.test 1',
    'there.test 2',
  ]);
  assert.deepEqual(world.here.map(({ recipients, accountId: by }) => [recipients, by]), [[['emil@siegel.test'], accountId]]);
  assert.equal(await queue.progress(accountId, id), undefined);
  assert.deepEqual(world.memory.records.at(-1)?.command, {
    kind: 'submissionDone',
    effect: { submissionId: id, result: 'delivered', delivered: 4, failed: 0 },
  });
  const journal = JSON.stringify(world.memory.records);
  assert.doesNotMatch(journal, /there\.test|else\.test|ben|cleo/);
  assert.equal(queue.status.waiting, 0);
}); // prettier-ignore

test('what a peer puts off is tried again after 5, 15 and 30 minutes, and only for those who wait', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  world.say = (address, tries) => (address.startsWith('slow') && tries < 4 ? 'later' : 'ok');
  const id = await send(world, queue, 'quick@there.test', 'slow@there.test');
  await until(() => queue.list()[0]?.attempts === 1, 'the first try');
  assert.deepEqual(
    (await queue.progress(accountId, id))?.map(({ state, code }) => [state, code]),
    [
      ['delivered', 250],
      ['queued', 451],
    ],
  );
  for (const [tries, minutes] of [5, 15, 30].entries()) {
    await pass(world, queue, minutes * MINUTE_MS - 1);
    assert.equal(world.sent.length, tries + 1, 'not earlier');
    await pass(world, queue, 1);
    await until(() => world.sent.length === tries + 2, `try ${tries + 2}`);
    await until(() => queue.status.inFlight === 0, 'its end');
  }
  await until(() => isOver(world), 'the end');
  assert.deepEqual(world.sent.at(-1)?.recipients, ['slow@there.test']);
  assert.equal(world.here.length, 0, 'nobody is told of a delay of minutes');
});

test('after 4 hours the sender hears of the delay, once; after 5 days that it is given up', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  world.say = () => 'later';
  await send(world, queue, 'ben@there.test');
  for (let hours = 0; hours < 5 * 24 + 5 && !isOver(world); hours += 1) {
    await until(() => queue.status.inFlight === 0 && (queue.list()[0]?.dueMs ?? Infinity) > world.clock.nowMs(), 'a pause');
    await pass(world, queue, HOUR_MS);
    await until(() => queue.status.inFlight === 0, 'the try');
  }
  await until(() => isOver(world), 'the end');
  assert.equal(world.here.length, 2);
  assert.match(noticeOf(world.here[0]), /Subject: [^\r]*[^]*Action: delayed[^]*Status: 4\.4\.7/);
  assert.match(noticeOf(world.here[1]), /Not delivered[^]*ben@there\.test[^]*Action: failed[^]*Status: 5\.4\.7/);
  assert.ok(world.here.every(({ mailFrom, recipients }) => mailFrom === '' && recipients[0] === 'anna@siegel.test'));
  const done = world.memory.records.at(-1)?.command;
  assert.equal(done?.kind === 'submissionDone' && done.effect.result, 'expired');
}); // prettier-ignore

test('a refusal for good is told at once, the others go on; a notice is never answered with one', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  world.say = (address, tries) => (address.startsWith('no') ? 'no' : tries === 1 ? 'later' : 'ok');
  await send(world, queue, 'no@there.test', 'ben@there.test');
  await until(() => world.here.length === 1, 'the notice');
  assert.match(noticeOf(world.here[0]), /no@there\.test[^]*Status: 5\.7\.1[^]*Diagnostic-Code: smtp; 554 said no[^]*Subject: A letter/);
  assert.doesNotMatch(noticeOf(world.here[0]), /ben@there\.test/);
  await until(() => queue.status.inFlight === 0, 'the first try');
  await pass(world, queue, 5 * MINUTE_MS);
  await until(() => isOver(world), 'the end');
  assert.equal(world.here.length, 1, 'told once');
  const silent = await queue.submit(world.letter(['no@there.test'], { mailFrom: '' }));
  assert.ok(silent.ok);
  await until(() => kinds(world).filter((kind) => kind === 'submissionDone').length === 2, 'its end');
  assert.equal(world.here.length, 1);
}); // prettier-ignore

test('a notice that cannot be kept now keeps the letter in the queue until it can', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  world.say = () => 'no';
  world.sayHere = 'deferred';
  await send(world, queue, 'no@there.test');
  await until(() => queue.list()[0]?.attempts === 1, 'the try');
  world.sayHere = 'delivered';
  await until(() => queue.status.inFlight === 0, 'its end');
  await pass(world, queue, 5 * MINUTE_MS);
  await until(() => isOver(world), 'the end');
  assert.equal(world.sent.length, 1, 'the peer is not asked again');
  assert.equal(world.here.length, 2);
});

test('until it is due a letter can be taken back, afterwards not', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const later = await queue.submit(world.letter(['ben@there.test'], { dueMs: world.clock.nowMs() + MINUTE_MS }));
  const second = await queue.submit(world.letter(['cleo@there.test'], { dueMs: world.clock.nowMs() + MINUTE_MS }));
  assert.ok(later.ok && second.ok);
  assert.deepEqual(await queue.cancel(accountId, later.value.submissionId), { ok: true, value: undefined });
  assert.deepEqual(kinds(world), ['submissionQueued', 'submissionQueued', 'submissionCanceled']);
  await pass(world, queue, MINUTE_MS);
  await until(() => isOver(world), 'the end');
  assert.deepEqual(world.sent.map(({ recipients }) => recipients[0]), ['cleo@there.test']);
  assert.deepEqual(await queue.cancel(accountId, second.value.submissionId), { ok: false, error: { kind: 'left' } });
}); // prettier-ignore

test('who takes a letter back twice, at once or later, hears both times that it never leaves', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const later = await queue.submit(world.letter(['ben@there.test'], { dueMs: world.clock.nowMs() + MINUTE_MS }));
  assert.ok(later.ok);
  const cancel = () => queue.cancel(accountId, later.value.submissionId);
  const done = { ok: true, value: undefined };
  assert.deepEqual([...(await Promise.all([cancel(), cancel()])), await cancel()], [done, done, done]);
  assert.deepEqual(kinds(world), ['submissionQueued', 'submissionCanceled']);
  assert.equal((await queue.cancel(newId(), later.value.submissionId)).ok, false, 'not somebody else’s');
});

test('letters that wait are sent while the database is down, also after a restart', async (t) => {
  const world = await makeWorld(t);
  const first = await world.open();
  await first.hold(undefined, 'operator');
  await send(world, first, 'ben@there.test');
  await world.crash();
  world.memory.isDown = true;
  const queue = await world.open();
  await queue.release(undefined);
  await until(() => world.sent.length === 1, 'the letter');
  await send(world, queue, 'cleo@there.test');
  await until(() => world.sent.length === 2, 'another');
});

test('after a crash between the live store’s sync and the journal’s record only the letter handed in again leaves', async (t) => {
  const world = await makeWorld(t);
  const first = await world.open();
  world.memory.isStuck = true;
  void first.submit(world.letter(['ben@there.test']));
  await until(() => first.list()[0]?.place.length !== 0 && first.list().length === 1, 'the slot on the medium');
  await world.crash();
  world.memory.isStuck = false;
  world.memory.isDown = true;
  const queue = await world.open();
  assert.equal(queue.list()[0]?.state, 'placed');
  await send(world, queue, 'ben@there.test');
  world.memory.isDown = false;
  await until(() => queue.status.waiting === 0, 'the end');
  await world.crash();
  assert.equal((await world.open()).status.waiting, 0);
  assert.equal(world.sent.length, 1);
});

test('after a crash between a peer’s answer and the journal nothing is sent again, and the journal hears the end', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const id = await send(world, queue, 'ben@there.test');
  await until(() => isOver(world), 'the end');
  await world.crash();
  // the journal lost what it had after the letter was queued
  world.memory.records.splice(1);
  await world.open();
  await until(() => isOver(world), 'the end, again');
  assert.equal(world.sent.length, 1);
  assert.deepEqual(world.memory.records.at(-1)?.command.effect, { submissionId: id, result: 'delivered', delivered: 1, failed: 0 });
}); // prettier-ignore

/** A copy of journal (and of the live store, for the twin) taken while letters wait, put back after they left. */
async function putBack(world: World, withLiveStore: boolean): Promise<Queue> {
  const first = await world.open();
  await first.hold(undefined, 'operator');
  for (let count = 0; count < 50; count += 1) await send(world, first, `person${count}@there.test`);
  const copy = [...world.memory.records];
  await cp(join(world.directory, 'live'), join(world.directory, 'copy'), { recursive: true });
  await first.release(undefined);
  await until(() => kinds(world).filter((kind) => kind === 'submissionDone').length === 50, 'all left');
  await world.crash();
  assert.equal(world.sent.length, 50);
  world.memory.records.splice(0, Infinity, ...copy);
  if (withLiveStore) {
    await rm(join(world.directory, 'live'), { recursive: true });
    await cp(join(world.directory, 'copy'), join(world.directory, 'live'), { recursive: true });
  }
  return world.open();
}

test('a copy of the journal taken with 50 letters waiting, put back after they left, sends none', async (t) => {
  const world = await makeWorld(t);
  const queue = await putBack(world, false);
  assert.equal(queue.status.held?.reason, 'restored', 'an older journal is noticed');
  await queue.release(undefined);
  await until(
    () => kinds(world).filter((kind) => kind === 'submissionDone').length === 50,
    'all ends journalled again',
  );
  assert.equal(world.sent.length, 50);
  assert.equal(world.here.length, 0);
});

test('twin: with the live store in the copy, the same letters are sent again', async (t) => {
  const world = await makeWorld(t);
  const queue = await putBack(world, true);
  await queue.release(undefined);
  await until(() => world.sent.length === 100, 'all again');
});

test('without its slot a queued letter is not sent, and its sender is told that nobody knows whether it left', async (t) => {
  const world = await makeWorld(t);
  const first = await world.open();
  await first.hold(undefined, 'operator');
  const id = await send(world, first, 'ben@there.test');
  await world.crash();
  await rm(join(world.directory, 'live'), { recursive: true });
  await world.open();
  await until(() => isOver(world), 'the end');
  assert.match(noticeOf(world.here[0]), /Subject: Vielleicht nicht gesendet \/ Perhaps not sent/);
  assert.deepEqual(world.memory.records.at(-1)?.command.effect, { submissionId: id, result: 'lost', delivered: 0, failed: 0 });
  assert.equal(world.sent.length, 0);
}); // prettier-ignore

async function damageLetter(world: World): Promise<void> {
  const path = join(world.directory, 'live', 'letters-00000001.live');
  const bytes = await readFile(path);
  bytes[60] = (bytes[60] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

test('a letter whose bytes are damaged is not sent, and its sender is told', async (t) => {
  const world = await makeWorld(t);
  const first = await world.open();
  await first.hold(undefined, 'operator');
  await send(world, first, 'ben@there.test');
  await world.crash();
  await damageLetter(world);
  const queue = await world.open();
  await queue.release(undefined);
  await until(() => isOver(world) && queue.status.waiting === 0, 'the end');
  assert.match(noticeOf(world.here[0]), /Not sent, send again|send_again/);
  assert.equal(world.sent.length, 0);
});

test('a damaged letter that one recipient has already is not called unsent', async (t) => {
  const world = await makeWorld(t);
  const first = await world.open();
  world.say = (address) => (address.startsWith('ben') ? 'ok' : 'later');
  await send(world, first, 'ben@there.test', 'cleo@else.test');
  await until(() => first.status.inFlight === 0 && first.list()[0]?.attempts === 1, 'the first try');
  await world.crash();
  await damageLetter(world);
  const queue = await world.open();
  await pass(world, queue, 5 * MINUTE_MS);
  await until(() => isOver(world) && queue.status.waiting === 0, 'the end');
  assert.match(noticeOf(world.here[0]), /Subject: Vielleicht nicht gesendet \/ Perhaps not sent/);
});

test('a letter acknowledged after an older journal was copied is not lost: the journal hears of it again', async (t) => {
  const world = await makeWorld(t);
  const first = await world.open();
  await first.hold(undefined, 'operator');
  await send(world, first, 'ben@there.test');
  await world.crash();
  world.memory.records.splice(0);
  const queue = await world.open();
  assert.deepEqual(kinds(world), ['submissionQueued']);
  await queue.release(undefined);
  await until(() => isOver(world), 'the end');
  assert.equal(world.sent.length, 1);
});

test('a database of a higher era holds the queue until the operator lets it go', async (t) => {
  const world = await makeWorld(t);
  const first = await world.open();
  await first.hold(undefined, 'operator');
  await send(world, first, 'ben@there.test');
  await first.release(undefined);
  await world.crash();
  world.memory.era = 2;
  const queue = await world.open();
  assert.equal(queue.status.held?.reason, 'restored');
});

test('a running queue is held when older rows are put back, and goes on when rows were only made anew', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const why = (): string | undefined => queue.status.held?.reason;
  await queue.hearEra(2, false);
  assert.equal(why(), undefined);
  await queue.hearEra(3, true);
  assert.equal(why(), 'restored');
  await queue.release(undefined);
  await queue.hearEra(3, true);
  assert.equal(why(), undefined, 'an era is heard once');
});

test('an account that suddenly writes to many is held, told, and goes on when the operator says so', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  const many = (first: number) => Array.from({ length: 50 }, (_, at) => `p${first + at}@there.test`);
  for (let first = 0; first < limits.queue.brakeRecipientsMin; first += 50) await send(world, queue, ...many(first));
  const refused = await queue.submit(world.letter(many(1_000)));
  assert.deepEqual(refused, { ok: false, error: { kind: 'held' } });
  assert.match(noticeOf(world.here[0]), /Your letters are held|letters_are_held/);
  await queue.release(accountId);
  await send(world, queue, ...many(2_000));
});

test('an account whose recipients are mostly unknown is held, and what waits of it stays', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  world.say = () => 'unknown';
  await send(world, queue, ...Array.from({ length: limits.queue.brakeUnknownMin }, (_, at) => `x${at}@there.test`));
  await until(() => world.here.some((letter) => noticeOf(letter).includes('are held')), 'the brake');
  assert.ok(queue.status.heldAccounts.has(accountId));
  await world.crash();
  const again = await world.open();
  assert.equal(again.status.heldAccounts.get(accountId)?.reason, 'unknownRecipients', 'over a restart');
});

test('more recipients in an hour than allowed are refused, and more in one letter too', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  await queue.release(accountId); // the operator trusts it: no brake, only limits
  const crowd = (count: number) => Array.from({ length: count }, (_, at) => `p${at}@there.test`);
  assert.deepEqual(await queue.submit(world.letter(crowd(limits.queue.recipientsMax + 1))), {
    ok: false,
    error: { kind: 'tooManyRecipients' },
  });
  await send(world, queue, ...crowd(limits.queue.recipientsPerHourMax));
  assert.deepEqual(await queue.submit(world.letter(crowd(1))), { ok: false, error: { kind: 'tooManyToday' } });
});

test('a full disk refuses the letter clearly', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  world.memory.isFull = true;
  assert.deepEqual(await queue.submit(world.letter(['ben@there.test'])), { ok: false, error: { kind: 'diskFull' } });
});

test('one domain that never answers holds up no letter to another', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  let answer: () => void = () => undefined;
  const slow = new Promise<'ok'>((resolve) => (answer = () => resolve('ok')));
  world.say = (address) => (address.endsWith('tarpit.test') ? slow : 'ok');
  for (let count = 0; count < 2 * limits.queue.lettersPerDomainMax; count += 1)
    await send(world, queue, `a${count}@tarpit.test`);
  await send(world, queue, 'ben@there.test');
  await until(() => world.sent.length === 1, 'the other letter');
  await until(() => queue.status.inFlight === limits.queue.lettersPerDomainMax, 'no more at once');
  answer();
  await until(() => world.sent.length === 2 * limits.queue.lettersPerDomainMax + 1, 'the rest');
});

test('recipients stand nowhere in the files once a letter is over', async (t) => {
  const world = await makeWorld(t);
  const queue = await world.open();
  await send(world, queue, 'unmistakable@there.test');
  await until(() => isOver(world), 'the end');
  const folder = join(world.directory, 'live');
  for (const name of await readdir(folder))
    assert.equal((await readFile(join(folder, name))).includes('unmistakable'), false, name);
  assert.ok(requireValue(queue.status, 'a status').delivered === 1);
});
