// Whatever is altered in the register, its rows or an earlier report is found; with the check that finds it switched off it is not.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { DeskEntryRow, DeskFilingRow } from '#vault/database/read-desk.ts';
import { FIRST_HEAD, headAfter, leafOf, sha256 } from '../register/chain.ts';
import { isArrivalEvent, type DeskEvent, type Entry } from '../register/event.ts';
import { changed, mutationsOf } from './test-mutations.ts';
import { makePeople, storedOf, writeRegister, type People, type Stored, type TestRegister } from './test-register.ts';
import { ChainCheck } from './verification/chain-check.ts';
import { findingKinds, type Finding, type FindingKind } from './verification/findings.ts';
import { RowCheck } from './verification/row-check.ts';
import { RowStore } from './verification/row-store.ts';
import { verifyRegister, type RegisterToVerify } from './verify-register.ts';

let people: People;
let register: TestRegister;
let stored: Stored;

before(async () => {
  people = await makePeople();
  register = await writeRegister(people);
  stored = register.stored();
});

const trust = () => [people.officer.member.fingerprint, people.lawyer.member.fingerprint];

async function verify({ entries, rows }: Partial<Stored>, more: Partial<RegisterToVerify> = {}) {
  const given = entries ?? stored.entries;
  return verifyRegister({
    entries: [given.slice(0, 7), given.slice(7)],
    reported: given.filter(({ kind }) => kind === 'REPORTED'),
    trust: trust(),
    rows: rows && [rows],
    ...more,
  });
}

const kindsOf = (findings: readonly Finding[]): readonly FindingKind[] => [
  ...new Set(findings.map(({ what }) => what)),
];
/** What is left when these checks are switched off. */
const without = (findings: readonly Finding[], off: readonly FindingKind[]) =>
  findings.filter(({ what }) => !off.includes(what));

function notesOf(use: (note: (place: string, what: FindingKind) => void) => void): readonly Finding[] {
  const findings: Finding[] = [];
  use((place, what) => findings.push({ place, what }));
  return findings;
}

test('a register as it was written is found to be that', async () => {
  const known = [
    { entries: 0, head: FIRST_HEAD },
    { entries: stored.entries.length, head: register.head },
  ];
  const verified = await verify(stored, { known });
  assert.deepEqual(verified.findings, []);
  assert.deepEqual([verified.entries, verified.filings, verified.erased], [stored.entries.length, 5, 0]);
  assert.equal(verified.head, register.head);
  const kinds = new Set(stored.entries.map(({ kind }) => kind));
  assert.equal(kinds.size, 22, 'every kind of event is in it');
});

test('each column of each entry, and everything in its event, altered by hand: found, and nowhere else', () => {
  let tried = 0;
  for (const [at, row] of stored.entries.entries()) {
    const alteredRows = [
      ...[...mutationsOf(row)].filter(({ name }) => !name.endsWith('removed')),
      ...[...mutationsOf(JSON.parse(row.event ?? ''))].map(({ name, value }) => ({
        name: `event.${name}`,
        value: { ...row, event: canonicalJson(value) },
      })),
      { name: 'event: other white space', value: { ...row, event: ` ${row.event}` } },
      { name: 'event: none', value: { ...row, event: null } },
      { name: 'blind: none', value: { ...row, blind: null } },
      { name: 'erased', value: { ...row, blind: null, event: null } },
    ];
    for (const { name, value } of alteredRows) {
      tried++;
      const findings = notesOf((note) => {
        const chain = new ChainCheck(note, []);
        for (const one of stored.entries.with(at, value as DeskEntryRow)) chain.take(one);
      });
      assert.ok(findings.length > 0, `entry ${at} · ${name}`);
      if (name.startsWith('event.')) assert.deepEqual(new Set(findings.map(({ place }) => place.split(' ·')[0])), new Set([`entry ${at}`])); // prettier-ignore
    }
  }
  assert.ok(tried > 700, `${tried}`);
});

test('each column of the last entry goes through the whole verification; twin: without leaves compared nothing is found', async () => {
  const last = stored.entries.length - 1;
  const row = stored.entries[last] ?? assert.fail();
  for (const column of ['nth', 'atMs', 'filing', 'kind', 'blind', 'event', 'leaf', 'head'] as const) {
    const altered = { ...row, [column]: changed(row[column]) } as DeskEntryRow;
    const { findings } = await verify({ entries: stored.entries.with(last, altered) });
    assert.ok(findings.length > 0, column);
    if (column === 'blind') assert.deepEqual(without(findings, ['otherLeaf']), []);
  }
});

test('entries removed, repeated or in another order are found, also when the chain is made anew', async () => {
  const { entries } = register;
  for (const [at, row] of stored.entries.entries()) {
    const [entry, next, nextRow] = [entries[at] ?? assert.fail(), entries[at + 1], stored.entries[at + 1]];
    assert.ok(chained(stored.entries.toSpliced(at, 1)).length > 0, `without ${at}`);
    assert.ok(chained(stored.entries.toSpliced(at, 0, row)).length > 0, `twice ${at}`);
    if (!next || !nextRow) continue;
    assert.ok(chained(stored.entries.toSpliced(at, 2, nextRow, row)).length > 0, `${at} after ${at + 1}`);
    if (at % 2 !== 0) continue;
    const removed = await verify({ entries: forged(entries.toSpliced(at, 1)) });
    assert.ok(removed.findings.length > 0, `without ${at}, made anew`);
    if (at % 4 !== 0) continue;
    const exchanged = await verify({ entries: forged(entries.toSpliced(at, 2, next, entry)) });
    assert.ok(exchanged.findings.length > 0, `${at} after ${at + 1}, made anew`);
  }
});

const knownEnd = () => [{ entries: stored.entries.length, head: register.head }];

/** What numbers, leaves, heads and a head known from elsewhere say. */
const chained = (entries: readonly DeskEntryRow[]) =>
  notesOf((note) => {
    const chain = new ChainCheck(note, knownEnd());
    for (const one of entries) chain.take(one);
    chain.finish();
  });

/** Who can write everything but sign nothing: numbers, leaves and heads are made anew. */
function forged(events: readonly Pick<Entry, 'atMs' | 'blind' | 'event'>[]): readonly DeskEntryRow[] {
  let head = FIRST_HEAD;
  return events.map(({ atMs, blind, event }, nth) => {
    const leaf = leafOf({ nth, atMs, blind, event });
    head = headAfter(head, leaf);
    if (isArrivalEvent(event))
      return { nth, atMs, filing: event.arrival, kind: event.kind, blind, event: canonicalJson(event), leaf, head };
    const filing = 'filing' in event ? (typeof event.filing === 'string' ? event.filing : event.filing.filing) : null;
    return { nth, atMs, filing, kind: event.kind, blind, event: canonicalJson(event), leaf, head };
  });
}

test('a chain made anew around an altered event is found by what people signed; after their last signature, by a head known from elsewhere', async () => {
  const lastCutOff = register.entries.findLastIndex(({ event }) => event.kind === 'REPORTED');
  const seen = new Set<DeskEvent['kind']>();
  const isDeep = new Set<DeskEvent['kind']>(['FILED', 'REVIEWED', 'REPORTED']);
  const unseen: string[] = [];
  for (const [at, entry] of register.entries.entries()) {
    const { kind } = entry.event;
    if (seen.has(kind) && at !== lastCutOff) continue;
    seen.add(kind);
    const mutations = [...mutationsOf(entry.event)].filter(
      ({ name }) => /^[^.]*(?:\.[^.]*)?: changed/.test(name) && (!name.includes('.') || isDeep.has(kind)),
    );
    const events = [
      { ...entry, atMs: entry.atMs + 1 },
      { ...entry, blind: sha256(Buffer.from('another')) },
      ...mutations.map(({ value }) => ({ ...entry, event: value as DeskEvent })),
    ];
    for (const [nth, other] of events.entries()) {
      const entries = forged(register.entries.with(at, other));
      const { findings } = await verify({ entries });
      const what = `entry ${at} ${kind} ${mutations[nth - 2]?.name ?? nth}`;
      if (at < lastCutOff) assert.ok(findings.length > 0, what);
      else if (findings.length === 0) unseen.push(what);
      if (at >= lastCutOff) {
        assert.ok(chained(entries).length > 0, `${what}, with a known head`);
      }
    }
  }
  assert.equal(seen.size, 22);
  // time, blinding and what stands behind the armor of its signatures: why a head must be known from elsewhere
  const end = `entry ${lastCutOff} REPORTED`;
  assert.deepEqual(unseen, [`${end} 0`, `${end} 1`, `${end} signatures.0: changed`, `${end} signatures.1: changed`]);
});

test('twin: the digest of a letter exchanged in a chain made anew is not found when the heads that were signed are not compared', async () => {
  const at = register.entries.findIndex(({ event }) => event.kind === 'ANSWERED');
  const entry = register.entries[at] ?? assert.fail();
  const event = { ...entry.event, letter: sha256(Buffer.from('another')) } as DeskEvent;
  const { findings } = await verify({ entries: forged(register.entries.with(at, { ...entry, event })) });
  assert.deepEqual(kindsOf(findings), ['otherCutOff', 'headNotSeen']);
  assert.deepEqual(without(findings, ['otherCutOff', 'headNotSeen']), []);
});

test('an end cut off, or all after an entry rewritten, is found by a known head; twin: without one it is not', async () => {
  const entries = stored.entries.slice(0, -1);
  assert.deepEqual(kindsOf((await verify({ entries }, { known: knownEnd() })).findings), ['shorterThanKnown']);
  assert.deepEqual((await verify({ entries })).findings, []);
});

test('each column of each row, and everything in it, altered: found by its name; missing, unknown and repeated rows too', () => {
  const rows = new RowStore();
  for (const row of register.rows.values()) rows.set(row);
  const compare = (given: readonly DeskFilingRow[]) =>
    notesOf((note) => {
      const check = new RowCheck(note, rows);
      for (const row of given) check.take(row);
      check.finish();
    });
  assert.deepEqual(compare(stored.rows), []);
  let tried = 0;
  for (const [at, row] of stored.rows.entries()) {
    for (const { name, value } of mutationsOf(JSON.parse(row.contents))) {
      tried++;
      const [column = ''] = name.split(/[.:]/);
      const findings = compare(stored.rows.with(at, { ...row, contents: canonicalJson(value) }));
      const [place] = findings.map((finding) => finding.place);
      assert.equal(place, `filing ${row.filing} · contents.${column}`, name);
    }
    for (const column of ['filing', 'year', 'receivedMs', 'state', 'contents'] as const) {
      const altered = { ...row, [column]: changed(row[column]) };
      assert.ok(compare(stored.rows.with(at, altered)).length > 0, column);
    }
    assert.deepEqual(kindsOf(compare(stored.rows.toSpliced(at, 1))), ['rowMissing']);
    assert.deepEqual(kindsOf(compare([...stored.rows, row])), ['rowTwice']);
    assert.deepEqual(kindsOf(compare([...stored.rows, { ...row, filing: '2029-0001' }])), ['rowUnknown']);
  }
  assert.ok(tried > 250, `${tried}`);
});

test('a row altered in the database goes through the whole verification; twin: rows that are not compared', async () => {
  const [row, ...rest] = stored.rows;
  const altered = { ...(row ?? assert.fail()), contents: (row?.contents ?? '').replace('"POST"', '"ESB"') };
  const { findings } = await verify({ rows: [altered, ...rest] });
  assert.deepEqual(findings, [{ place: 'filing 2022-0001 · contents.channel', what: 'columnDiffers' }]);
  assert.deepEqual((await verify({})).findings, []);
});

test('a finding has a kind that is listed', async () => {
  const { findings } = await verify({ entries: stored.entries.toReversed() });
  assert.ok(findings.length > 10);
  for (const { what } of findings) assert.ok(findingKinds.includes(what));
  assert.deepEqual((await verify({ ...storedOf([], []), rows: [] })).findings, []);
});
