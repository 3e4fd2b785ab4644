// The honest counter on one machine: what is sent is exactly what the consent on file covers. Each promise with its twin, which must fail.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashQuestion, type Question } from '#office/telemetry/catalogue/question.ts';
import { questions } from '#office/telemetry/catalogue/questions.ts';
import { CONSENT_FILE, STATE_FILE } from '#office/telemetry/home/files.ts';
import { newMachine, newPeer, RELAY, truthsOf, type Machine } from '#office/telemetry/home/test-peer.ts';
import { SEALED_REPORT_BYTES } from '#office/telemetry/report/envelope.ts';
import { quarterOf, weekOf, weekOfDay } from '#office/telemetry/report/weeks.ts';
import { openFiles } from './open-telemetry.ts';

const peer = newPeer();
const [FIRST] = questions;
assert.ok(FIRST !== undefined);
/** The same list with one letter changed. */
const EDITED: readonly Question[] = questions.map((question, nth) =>
  nth === 3 ? { ...question, why: { ...question.why, de: `${question.why.de} ` } } : question,
);

function assertRules({ got }: Machine): void {
  const weeks = got.map(({ report }) => weekOfDay(report.day));
  assert.equal(new Set(weeks).size, weeks.length, 'one report a week at most');
  const answers = got.flatMap(({ report }) =>
    report.kind === 'answer' ? [`${report.question} ${quarterOf(weekOfDay(report.day))}`] : [],
  );
  assert.equal(new Set(answers).size, answers.length, 'each question once a quarter at most');
  for (const { bytes } of got) assert.equal(bytes.length, SEALED_REPORT_BYTES);
}

test('nothing leaves before it is agreed to, in 30 days; the twin that was agreed for sends', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.live(30);
  assert.equal(machine.got.length, 0);
  assert.equal((await machine.home.view()).consent.state, 'unasked');
  using twin = await newMachine(peer, openFiles);
  await twin.agree();
  await twin.live(30);
  assert.ok(twin.got.length >= 3, `${twin.got.length} reports`);
  assertRules(twin);
});

test('agreed to, one report a week leaves for the relay, and all that was sent is shown to the byte', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  assert.deepEqual(machine.recorded, ['telemetry-agreed']);
  await machine.live(70);
  assertRules(machine);
  assert.ok(machine.got.length >= 9 && machine.got.every(({ url }) => url === RELAY));
  const { sent, nextMs } = await machine.home.view();
  const shown = sent.toReversed();
  assert.deepEqual(
    shown.map(({ sealed }) => sealed),
    machine.got.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
    'bytes shown are bytes sent',
  );
  for (const [nth, { report }] of machine.got.entries()) {
    const line = shown[nth];
    assert.equal(line?.kind, report.kind);
    assert.equal(line.outcome, 'taken');
    if (report.kind !== 'answer') continue;
    const question = questions.find((one) => hashQuestion(one) === report.question);
    assert.equal(line.question, question?.id);
    assert.equal(line.answer, report.answer);
    assert.ok(Buffer.from(line.plain, 'hex').includes(Buffer.from(report.question, 'hex')));
  }
  assert.ok((nextMs ?? 0) > machine.clock.nowMs());
  // the twin: a machine that notes something else than it sends
  using twin = await newMachine(peer, openFiles);
  await twin.agree();
  const files = await openFiles(twin.folder);
  const altered = (line: string): string => line.replace(/"sealed":"..../, '"sealed":"beef');
  await twin.reopen({ files: { ...files, append: (name, line) => files.append(name, altered(line)) } });
  await twin.live(14);
  const twinShown = (await twin.home.view()).sent.map(({ sealed }) => sealed);
  assert.ok(twinShown.length > 0);
  assert.notDeepEqual(
    twinShown,
    twin.got.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
  );
});

test('the next moment that is shown is the moment of the next report', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  for (let nth = 0; nth < 4; nth++) {
    const { nextMs } = await machine.home.view();
    const before = machine.got.length;
    while (machine.got.length === before) await machine.live(1);
    const at = machine.got.at(-1)?.atMs ?? 0;
    assert.ok(nextMs !== null && at - nextMs >= 0 && at - nextMs <= 10 * 60_000, `${at} ${nextMs}`);
  }
});

test('one changed letter stops everything until it is agreed to again, and the difference is shown', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  await machine.live(14);
  const before = machine.got.length;
  assert.ok(before > 0);
  await machine.reopen({ questions: EDITED });
  await machine.live(30);
  assert.equal(machine.got.length, before);
  const view = await machine.home.view();
  assert.equal(view.consent.state, 'changed');
  assert.deepEqual(
    view.differences.map(({ place }) => place),
    ['questions/system/why/de'],
  );
  assert.equal(view.nextMs, null);
  const stale = await machine.home.choose({ choice: 'on', hash: 'ab'.repeat(32), isDirect: false });
  assert.ok(!stale.ok && stale.error.kind === 'otherCatalogue');
  await machine.agree();
  await machine.live(14);
  assert.ok(machine.got.length > before);
  assertRules(machine);
});

test('any other collector, relay or rule is another list too', async () => {
  for (const changes of [
    { collector: newPeer('https://other.example.org').collector },
    { relay: 'https://relay.example.com/' },
    { relay: undefined },
    { collector: undefined },
  ]) {
    using machine = await newMachine(peer, openFiles);
    await machine.agree();
    await machine.reopen(changes);
    await machine.live(14);
    assert.equal(machine.got.length, 0, JSON.stringify(Object.keys(changes)));
  }
  using twin = await newMachine(peer, openFiles);
  await twin.agree();
  await twin.reopen({});
  await twin.live(14);
  assert.ok(twin.got.length > 0, 'the twin: with all as it was, it goes on');
});

test('an older version asks its own list: it sends nothing, and the newer one goes on with what was agreed to', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  await machine.reopen({ questions: questions.slice(0, 3) });
  await machine.live(21);
  assert.equal(machine.got.length, 0);
  await machine.reopen();
  await machine.live(14);
  assert.ok(machine.got.length > 0);
  assertRules(machine);
});

test('switched off, nothing leaves, nothing of it is left, and switched on again the same truth has the same answer', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  while (!machine.got.some(({ report }) => report.kind === 'answer')) await machine.live(7);
  const [answered] = machine.got.flatMap(({ report }) => (report.kind === 'answer' ? [report] : []));
  assert.ok(answered !== undefined);
  assert.ok(contents(machine).includes(answered.question), 'the control: it is there before');
  const before = (await machine.home.view()).questions.map(({ randomised }) => randomised);
  await machine.home.choose({ choice: 'off' });
  assert.deepEqual(machine.recorded, ['telemetry-agreed', 'telemetry-withdrawn']);
  assert.deepEqual(readdirSync(machine.folder).toSorted(), [CONSENT_FILE, STATE_FILE].toSorted());
  for (const { bytes } of machine.got) assert.ok(!contents(machine).includes(Buffer.from(bytes).toString('hex')));
  assert.ok(!contents(machine).includes(answered.question));
  const count = machine.got.length;
  await machine.live(30);
  assert.equal(machine.got.length, count);
  await machine.agree();
  const view = await machine.home.view();
  assert.deepEqual(
    view.questions.map(({ randomised }) => randomised),
    before,
  );
  await machine.live(130);
  assertRules(machine);
});

test('ticked, unticked and ticked again within a quarter, no question of it is answered twice', async () => {
  for (let nth = 0; nth < 5; nth++) {
    using machine = await newMachine(peer, openFiles);
    for (let turn = 0; turn < 6; turn++) {
      await machine.agree();
      await machine.live(7);
      await machine.home.choose({ choice: 'off' });
      await machine.live(1);
    }
    assertRules(machine);
  }
});

test('a clock that jumps sends no second report of a week, and nothing it would not have sent', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  await machine.live(21);
  machine.clock.advanceMs(-14 * 86_400_000);
  await machine.live(21);
  machine.clock.advanceMs(400 * 86_400_000);
  await machine.live(3);
  machine.clock.advanceMs(-400 * 86_400_000);
  await machine.live(30);
  machine.clock.advanceMs(9 * 86_400_000);
  await machine.live(30);
  assertRules(machine);
});

test('a machine that is off at its moment leaves the report out', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  const { nextMs } = await machine.home.view();
  machine.clock.advanceMs((nextMs ?? 0) - machine.clock.nowMs() + 11 * 60_000);
  await machine.home.look();
  await machine.live(0.5);
  const late = machine.got.filter(({ atMs }) => weekOf(atMs) === weekOf(nextMs ?? 0));
  assert.equal(late.length, 0);
});

test('a fall between the note and the report sends nothing twice; the twin that notes afterwards does', async () => {
  const fall = (): never => {
    throw new Error('the machine falls');
  };
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  const files = await openFiles(machine.folder);
  // it falls when the report should be noted as sent, which is after the week was noted
  await machine.reopen({ files: { ...files, append: async () => fall() } });
  const { nextMs } = await machine.home.view();
  machine.clock.advanceMs((nextMs ?? 0) - machine.clock.nowMs());
  await machine.home.look();
  await machine.reopen();
  await machine.home.look();
  assert.equal(machine.got.length, 0, 'it has had its week');
  await machine.live(14);
  assertRules(machine);
  // the twin: what is noted does not reach the disk before the report leaves
  using twin = await newMachine(peer, openFiles);
  await twin.agree();
  const twinFiles = await openFiles(twin.folder);
  await twin.reopen({
    files: {
      ...twinFiles,
      write: async (name, text) => (name === STATE_FILE ? undefined : twinFiles.write(name, text)),
    },
  });
  const next = (await twin.home.view()).nextMs ?? 0;
  twin.clock.advanceMs(next - twin.clock.nowMs());
  await twin.home.look();
  await twin.reopen();
  await twin.home.look();
  assert.throws(() => assertRules(twin), 'the same week reports twice');
});

test('files that cannot be read send nothing and are asked for anew; a lost memory has no answers to give in its quarter', async () => {
  for (const bad of ['', '{', '{"choice":"on"}', 'null']) {
    using machine = await newMachine(peer, openFiles);
    await machine.agree();
    writeFileSync(join(machine.folder, CONSENT_FILE), bad);
    await machine.reopen();
    assert.equal((await machine.home.view()).consent.state, 'unasked');
    await machine.live(14);
    assert.equal(machine.got.length, 0);
  }
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  await machine.live(14);
  writeFileSync(join(machine.folder, STATE_FILE), '{"v":1}');
  await machine.reopen();
  const lostMs = machine.clock.nowMs();
  await machine.live(90);
  assertRules(machine);
  const later = machine.got.filter(({ atMs }) => atMs > lostMs);
  const quarter = quarterOf(weekOf(lostMs));
  const isThen = ({ atMs }: { readonly atMs: number }): boolean => quarterOf(weekOf(atMs)) === quarter;
  assert.ok(later.some(isThen) && later.filter(isThen).every(({ report }) => report.kind === 'cover'));
  assert.ok(
    later.some(({ report }) => report.kind === 'answer'),
    'in the next quarter it answers again',
  );
});

test('a folder that was not brought back with a backup has nothing agreed to', async () => {
  using machine = await newMachine(peer, openFiles);
  await machine.agree();
  for (const name of readdirSync(machine.folder)) rmSync(join(machine.folder, name));
  await machine.reopen();
  await machine.live(14);
  assert.equal(machine.got.length, 0);
});

test('without a relay only who agrees to the direct way sends, and straight to the collector', async () => {
  using machine = await newMachine(peer, openFiles, { relay: undefined });
  const { catalogueHash } = await machine.home.view();
  const refused = await machine.home.choose({ choice: 'on', hash: catalogueHash ?? '', isDirect: false });
  assert.ok(!refused.ok && refused.error.kind === 'noWay');
  await machine.live(14);
  assert.equal(machine.got.length, 0);
  await machine.agree(true);
  assert.equal((await machine.home.view()).consent.isDirect, true);
  await machine.live(14);
  assert.ok(machine.got.length > 0);
  for (const { url } of machine.got) assert.equal(url, 'https://count.example.org/report');
  // a relay that is set later is another way: asked again
  await machine.reopen({ relay: RELAY });
  const before = machine.got.length;
  await machine.live(14);
  assert.equal(machine.got.length, before);
  assert.equal((await machine.home.view()).consent.state, 'changed');
});

test('without a collector there is nothing to agree to', async () => {
  using machine = await newMachine(peer, openFiles, { collector: undefined });
  const view = await machine.home.view();
  assert.equal(view.collector, null);
  assert.deepEqual(view.questions, []);
  const refused = await machine.home.choose({ choice: 'on', hash: 'ab'.repeat(32), isDirect: true });
  assert.ok(!refused.ok && refused.error.kind === 'noCollector');
});

test('what cannot be measured is never sent, and a house whose facts are away sends cover reports only', async () => {
  using machine = await newMachine(peer, openFiles, {
    measure: async () => {
      throw new Error('the database is away');
    },
  });
  await machine.agree();
  await machine.live(60);
  assert.ok(machine.got.length > 6 && machine.got.every(({ report }) => report.kind === 'cover'));
  using twin = await newMachine(peer, openFiles, { measure: async () => truthsOf(questions) });
  await twin.agree();
  await twin.live(60);
  assert.ok(
    twin.got.some(({ report }) => report.kind === 'answer'),
    'the twin: measured, answers are among them',
  );
});

test('a report that is being made when it is switched off does not leave', async () => {
  let isHeld = false;
  let reached = Promise.withResolvers<void>();
  let release = Promise.withResolvers<void>();
  using machine = await newMachine(peer, openFiles, {
    measure: async () => {
      if (isHeld) {
        reached.resolve();
        await release.promise;
      }
      return truthsOf(questions);
    },
  });
  await machine.agree();
  for (const isOff of [true, false]) {
    const before = machine.got.length;
    const { nextMs } = await machine.home.view();
    machine.clock.advanceMs((nextMs ?? 0) - machine.clock.nowMs());
    [isHeld, reached, release] = [true, Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const looking = machine.home.look();
    await reached.promise;
    const off = isOff ? machine.home.choose({ choice: 'off' }) : undefined;
    isHeld = false;
    release.resolve();
    await looking;
    await off;
    assert.equal(machine.got.length - before, isOff ? 0 : 1, isOff ? 'it stays here' : 'the twin: it leaves');
    if (isOff) await machine.agree();
  }
});

function contents({ folder }: Machine): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}
