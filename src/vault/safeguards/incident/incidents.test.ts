// Incidents on a real journal: who is affected, what is refused and why, what people and everybody read, what a draft says.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { draftText } from './draft.ts';
import type { Incident } from './incident-state.ts';
import type { AccountCount, Notice } from './neighbours.ts';
import { publicView, type HouseEvent } from './public-view.ts';
import type { IncidentRefusal } from './refusals.ts';
import { openToldHouse, people, type ToldHouse, type ToldOptions } from './test-told-house.ts';

const TITLE = 'Messages of some mailboxes are not shown';

async function open(t: TestContext, options: ToldOptions = {}): Promise<ToldHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-incident-'));
  const house = await openToldHouse(folder, options);
  t.after(async () => {
    await house[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return house;
}

function must(done: Result<Incident, IncidentRefusal>): Incident {
  assert.ok(done.ok, JSON.stringify(done));
  return done.value;
}

/** `told`: notices that lie in each mailbox, which a ledger counts like any letter. */
function counts(found: number, told = 0, throughSeq = Infinity): readonly AccountCount[] {
  return people.map((accountId) => ({
    accountId,
    expected: 100 + told,
    found: found + told,
    mailboxes: 1,
    throughSeq,
  }));
}

test('an incident is found again after a start, with all that was said', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-incident-'));
  t.after(() => rm(folder, { recursive: true }));
  {
    await using house = await openToldHouse(folder);
    must(await house.incidents.open({ title: `${TITLE}. `, fromLedger: false, named: people.slice(0, 1) }));
    must(await house.incidents.update(1, 'We know why'));
  }
  await using house = await openToldHouse(folder);
  const [incident] = house.incidents.all;
  assert.equal(incident?.title, TITLE);
  assert.deepEqual(
    incident?.entries.map(({ text }) => text),
    [TITLE, 'We know why'],
  );
  assert.deepEqual(
    incident?.affected.map(({ accountId }) => accountId),
    people.slice(0, 1),
  );
});

test('what is refused says what is safe and the next command, and notes nothing', async (t) => {
  const { incidents, journal } = await open(t, { count: async () => ok([]) });
  const before = journal.durableSeq;
  const bare = { fromLedger: false, named: people };
  const refusals = [
    await incidents.open({ ...bare, title: '  ' }),
    await incidents.open({ ...bare, title: 'x'.repeat(limits.incident.textCharacters + 1) }),
    await incidents.open({ ...bare, title: 'anna@siegel.test lost letters' }),
    await incidents.open({ title: TITLE, fromLedger: true, named: [] }),
    await incidents.open({ title: TITLE, fromLedger: false, named: [] }),
    await incidents.update(7, 'x'),
  ];
  assert.deepEqual(
    refusals.map((one) => (one.ok ? 'ok' : one.error.kind)),
    ['emptyText', 'textTooLong', 'namesSomebody', 'nobodyAffected', 'nobodyNamed', 'noSuchIncident'],
  );
  for (const one of refusals)
    assert.match(one.ok ? '' : one.error.sentence, /Nothing was noted.*siegel incident|try again/);
  assert.equal(journal.durableSeq, before);
});

test('progress follows the ledger, and an incident is not over while letters are missing, unless it is said that they are lost', async (t) => {
  let found = 40;
  const { incidents } = await open(t, { count: async () => ok(counts(found)) });
  const opened = must(await incidents.open({ title: TITLE, fromLedger: true, named: [] }));
  assert.deepEqual({ ...incidents.progress(opened), atMs: 0 }, { expected: 300, found: 120, atMs: 0 });
  found = 90;
  await incidents.recount();
  assert.equal(incidents.progress(opened)?.found, 270);
  const early = await incidents.close(1, 'Over', false);
  assert.match(
    early.ok ? '' : early.error.sentence,
    /270 of 300 letters are back.*siegel incident close N TEXT --lost/,
  );
  const closed = must(await incidents.close(1, 'Over', true));
  assert.deepEqual(closed.end, { expected: 300, found: 270 });
  assert.equal((await incidents.update(1, 'more')).ok, false, 'what was said stays');
  found = 100;
  await incidents.recount();
  assert.equal(incidents.progress(closed)?.found, 270, 'as counted at its end');
});

test('an incident’s own notices are no letters that came back: they count neither as expected nor as found', async (t) => {
  let [told, found] = [0, 40];
  const { incidents } = await open(t, {
    count: async () => ok(counts(found, told)),
  });
  const opened = must(await incidents.open({ title: TITLE, fromLedger: true, named: [] }));
  await incidents.tell();
  told = 1;
  await incidents.recount();
  assert.deepEqual({ ...incidents.progress(opened), atMs: 0 }, { expected: 300, found: 120, atMs: 0 });
  found = 100;
  const closed = must(await incidents.close(1, 'All are back', false));
  assert.deepEqual(closed.end, { expected: 300, found: 300 });
  assert.deepEqual(
    closed.affected.map(({ expected }) => expected),
    [100, 100, 100],
  );
});

test('a notice that came after the count is not taken off', async (t) => {
  const { incidents } = await open(t, { count: async () => ok(counts(40, 0, 0)) });
  const opened = must(await incidents.open({ title: TITLE, fromLedger: true, named: [] }));
  await incidents.tell();
  await incidents.recount();
  assert.deepEqual({ ...incidents.progress(opened), atMs: 0 }, { expected: 300, found: 120, atMs: 0 });
});

test('a notice that is not among what is counted is not taken off', async (t) => {
  const { incidents } = await open(t, {
    count: async () =>
      ok(
        people.map((accountId) => ({
          accountId,
          expected: 7,
          found: 3,
          mailboxes: 1,
          throughSeq: Infinity,
          isOfPlaces: true,
        })),
      ),
  });
  const opened = must(await incidents.open({ title: TITLE, fromLedger: true, named: [] }));
  await incidents.tell();
  await incidents.recount();
  assert.deepEqual({ ...incidents.progress(opened), atMs: 0 }, { expected: 21, found: 9, atMs: 0 });
});

test('a ledger that cannot be counted stops an opening from it, and nothing else', async (t) => {
  const refused = { kind: 'unavailable', sentence: 'The database does not answer. Try again: siegel ledger check' };
  const { incidents } = await open(t, { count: async () => err(refused) });
  const counted = await incidents.open({ title: TITLE, fromLedger: true, named: [] });
  assert.equal(counted.ok ? '' : counted.error.sentence, refused.sentence);
  must(await incidents.open({ title: TITLE, fromLedger: false, named: people }));
  must(await incidents.close(1, 'Over', false));
});

test('a mailbox that is full is tried again, and the others are not told twice', async (t) => {
  let isFull = true;
  const sent: string[] = [];
  const { incidents } = await open(t, {
    onSend({ accountId }) {
      if (isFull && accountId === people[1]) return 'later';
      sent.push(accountId);
      return undefined;
    },
  });
  must(await incidents.open({ title: TITLE, fromLedger: false, named: people }));
  await incidents.tell();
  const reached = (): number | undefined => incidents.all[0]?.told.opened?.reached;
  assert.equal(reached(), undefined);
  isFull = false;
  await incidents.tell();
  assert.equal(reached(), people.length);
  assert.deepEqual(sent, [people[0], people[2], people[1]]);
});

test('a mailbox that stays full keeps nobody else from hearing that it is over', async (t) => {
  const ended: string[] = [];
  const { incidents } = await open(t, {
    onSend({ accountId, notice }) {
      if (accountId === people[1]) return 'later';
      if (notice.subject.startsWith('Vorbei')) ended.push(accountId);
      return undefined;
    },
  });
  must(await incidents.open({ title: TITLE, fromLedger: false, named: people }));
  await incidents.tell();
  must(await incidents.close(1, 'Over', false));
  await incidents.tell();
  assert.deepEqual(ended, [people[0], people[2]]);
});

test('notices say what happened, what is safe and that there is nothing to do, in both languages, each with its own figures', async (t) => {
  const notices: Notice[] = [];
  let [found, told] = [59, 0];
  const { incidents } = await open(t, {
    count: async () => ok(counts(found, told).slice(0, 1)),
    onSend({ notice }) {
      notices.push(notice);
      return undefined;
    },
  });
  must(await incidents.open({ title: TITLE, fromLedger: true, named: [] }));
  await incidents.tell();
  [found, told] = [100, 1];
  must(await incidents.close(1, 'All rows were made anew', false));
  await incidents.tell();
  assert.equal(notices.length, 2);
  const [begun, over] = notices;
  for (const said of [
    /41 von 100 Nachrichten Ihres Postfachs/,
    /41 of the 100 messages of your mailbox/,
    /What you need to do: nothing/,
    /Was Sie tun müssen: nichts/,
    /https:\/\/mail\.siegel\.test\/status\?lang=de/,
  ])
    assert.match(begun?.plainText ?? '', said);
  for (const said of [
    /all 100 messages of your mailbox are there; none is lost/,
    /Alle 100 Nachrichten/,
    /All rows were made anew/,
  ])
    assert.match(over?.plainText ?? '', said);
  assert.doesNotMatch(notices.map(({ plainText }) => plainText).join(), /!/);
});

test('everybody reads when and how far, for 90 days, and nobody’s name', async (t) => {
  const { incidents } = await open(t, { count: async () => ok(counts(40)) });
  const opened = must(await incidents.open({ title: TITLE, fromLedger: true, named: [] }));
  const { openedMs } = opened;
  const events: readonly HouseEvent[] = [
    { atMs: openedMs - 1, what: 'changeApplied', change: 13 },
    { atMs: openedMs + 60_000, what: 'changeUndone', change: 13, seconds: 41 },
  ];
  const view = (nowMs: number) =>
    publicView(incidents.all, { nowMs, events, progress: (one) => incidents.progress(one) });
  const [shown] = view(openedMs);
  assert.deepEqual(
    shown?.timeline.map(({ what }) => what),
    ['opened', 'changeUndone'],
  );
  assert.equal(shown?.progress?.found, 120);
  assert.equal(shown?.mailboxes, 3);
  for (const accountId of people) assert.ok(!JSON.stringify(view(openedMs)).includes(accountId));
  const closed = must(await incidents.close(1, 'Over', true));
  const day = 86_400_000;
  assert.equal(view((closed.closedMs ?? 0) + 89 * day).length, 1);
  assert.equal(view((closed.closedMs ?? 0) + 91 * day).length, 0);
});

test('a draft has the timeline, the figures, the changes before it, and leaves the cause to people', async (t) => {
  const { incidents } = await open(t, { count: async () => ok(counts(100)) });
  must(await incidents.open({ title: TITLE, fromLedger: true, named: [] }));
  const incident = must(await incidents.close(1, 'All are back', false));
  const text = draftText({
    incident,
    progress: incidents.progress(incident),
    events: [{ atMs: incident.openedMs - 3_600_000, what: 'changeApplied', change: 13 }],
    changes: [
      {
        number: 13,
        class: 'R1',
        because: ['flags are set anew'],
        standing: 'undone',
        predicted: '883 rows of placement; 30 s',
        actual: '41,208 rows of placement; 34 s',
        undoneSeconds: 41,
      },
    ],
  });
  for (const said of [
    /^# Incident 1: Messages of some mailboxes are not shown/,
    /change 13 was applied/,
    /## Cause\n\n\*\(to be filled in\)\*/,
    /3 mailboxes\./,
    /0 letters: all 300 are there/,
    /Change 13 was taken back in 41 s by its rehearsed undo/,
    /\| 13 \| R1 \| flags are set anew \| 883 rows of placement; 30 s \| 41,208 rows of placement; 34 s \| undone \|/,
  ])
    assert.match(text, said);
  const uncounted = requireValue(incidents.all[0], 'it');
  assert.match(
    draftText({ incident: { ...uncounted, isCounted: false }, progress: undefined, events: [], changes: [] }),
    /Nobody counted/,
  );
});
