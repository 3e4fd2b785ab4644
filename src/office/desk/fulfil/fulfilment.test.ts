// What goes wrong while something is collected leaves nothing behind: a damaged letter, a full disk, a package too large, a filing that changed meanwhile, a program that was killed. With a real journal, PostgreSQL and folder.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId } from '#base/ids.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { commitTarget } from '#formats/desk/digest.ts';
import { createPackageStore } from '#programs/server/package-store.ts';
import { startTestCluster, type TestCluster } from '#vault/database/test-cluster.ts';
import { openTestHouse, type TestHouse } from '#vault/database/test-house.ts';
import type { Digest } from '#formats/desk/model.ts';
import { DeskBook } from '../book/desk-book.ts';
import { Desk } from '../book/desk.ts';
import type { NewFiling } from '../book/new-filing.ts';
import { fillTemplate, makePerson, signAs, type Person } from '../policy/test-policy.ts';
import { DamagedLetter, type DisclosureReader } from './disclosure-reader.ts';
import { PackageTooLarge } from './collect-items.ts';
import { describeFulfilRefusal, type FulfilRefusal } from './fulfil-refusals.ts';
import { Fulfilment } from './fulfilment.ts';
import type { PackageStore } from './package-store.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const TARGET = 'anna@siegel.test';
const random = new Uint8Array(32).fill(7);
const account = newId<AccountId>();

let cluster: TestCluster;
let scratch = '';
let clerk: Person;
let officer: Person;
let lawyer: Person;
let authority: Person;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sgl-fulfil-'));
  cluster = await startTestCluster();
  [clerk, officer, lawyer, authority] = await Promise.all([
    makePerson('Mara Kaya', 'CLERK'),
    makePerson('Jonas Brandt', 'OFFICER'),
    makePerson('Leyla Yıldız', 'LAWYER'),
    makePerson('Staatsanwaltschaft', 'LAWYER'),
  ]);
});
after(async () => {
  await cluster.stop();
  await rm(scratch, { recursive: true, force: true });
});

const reader: DisclosureReader = {
  findAccount: async (address) => (address === TARGET ? account : undefined),
  subscriber: async () => ({ addresses: [TARGET], aliases: [], givenUp: [], createdMs: NOW, closedMs: null }),
  async *letters() {
    yield { receivedMs: NOW, expiresMs: 0, sealed: Buffer.alloc(200_000, 1) };
    yield { receivedMs: NOW, expiresMs: 0, sealed: Buffer.alloc(200_000, 2) };
  },
  waiting: async () => [],
};

interface Opened extends AsyncDisposable {
  readonly house: TestHouse;
  readonly desk: Desk;
  readonly book: DeskBook;
  readonly folder: string;
  readonly store: PackageStore;
  /** Admitted: letters of a mailbox. */
  readonly filing: string;
  fulfilment(parts?: {
    readonly reader?: Partial<DisclosureReader>;
    readonly store?: Partial<PackageStore>;
  }): Fulfilment;
}

/** `commitment`: null, when it is about nobody in particular. */
async function open(commitment: Digest | null = commitTarget(random, TARGET)): Promise<Opened> {
  const house = await openTestHouse(cluster, scratch);
  const folder = await mkdtemp(join(scratch, 'data-'));
  const book = new DeskBook({ door: house.door, reader: house.database.reader, clock: manualClock(NOW) });
  const desk = new Desk({ book, trust: [officer.member.fingerprint, lawyer.member.fingerprint] });
  const policy = canonicalJson(fillTemplate([clerk, officer, lawyer]));
  must(await desk.putPolicy(policy, [await signAs(officer, policy), await signAs(lawyer, policy)]));
  const given: NewFiling = {
    corrects: null,
    received: '2026-03-01',
    authority: { class: 'PROSECUTION', country: 'DE' },
    channel: 'PGP',
    instrument: 'COURT_ORDER',
    urgency: 'NORMAL',
    items: [{ kind: 'SEIZURE', basis: null, from: null, until: null, target: commitment }],
    targets: 1,
  };
  const [filing = assert.fail()] = must(await desk.file(given, 'Mara Kaya')).rows.keys();
  for (const person of [officer, lawyer]) {
    const admit = { verdict: 'ADMIT', reasons: [], items: null } as const;
    const statement = must(await desk.statement(filing, person.member.name, admit));
    must(await desk.review(statement, await signAs(person, statement, { madeMs: NOW })));
  }
  const store = createPackageStore(folder);
  return {
    house,
    desk,
    book,
    folder,
    store,
    filing,
    fulfilment: (parts = {}) =>
      new Fulfilment({ desk, book, reader: { ...reader, ...parts.reader }, store: { ...store, ...parts.store } }),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

const order = (): Parameters<Fulfilment['collect']>[1] => ({
  by: 'Jonas Brandt',
  targets: [{ target: TARGET, random }],
  recipient: authority.member.certificate,
});

function why(result: { ok: boolean; error?: FulfilRefusal }): string {
  assert.ok(!result.ok && result.error !== undefined);
  assert.match(describeFulfilRefusal(result.error), /^[A-Z0-9].*\.$/);
  return result.error.kind === 'step' ? result.error.step.kind : result.error.kind;
}

/** As it stands in the register, and what lies in the folder. */
async function standing({ desk, filing, folder }: Opened): Promise<unknown> {
  const register = await desk.register();
  return [(await desk.find(filing, register))?.state, register.entries, await readdir(folder)];
}

const failing = (cause: Error): Partial<DisclosureReader> => ({
  async *letters() {
    yield* reader.letters(account);
    throw cause;
  },
});

test('what fails halfway leaves neither entry nor file, and says what to do', async () => {
  await using at = await open();
  const before = await standing(at);
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const fullStore: Partial<PackageStore> = {
    begin: async () => ({ ...(await at.store.begin()), write: () => Promise.reject(full) }),
  };
  const cases: readonly (readonly [string, Fulfilment])[] = [
    ['damagedLetter', at.fulfilment({ reader: failing(new DamagedLetter()) })],
    ['packageTooLarge', at.fulfilment({ reader: failing(new PackageTooLarge()) })],
    ['diskFull', at.fulfilment({ store: fullStore })],
  ];
  for (const [kind, fulfilment] of cases) {
    assert.equal(why(await fulfilment.collect(at.filing, order())), kind);
    assert.deepEqual(await standing(at), before, kind);
  }
  await assert.rejects(
    at.fulfilment({ reader: failing(new Error('unforeseen')) }).collect(at.filing, order()),
    /unforeseen/,
  );
  assert.deepEqual(await standing(at), before);
  // the twin: without the fault it is collected
  must(await at.fulfilment().collect(at.filing, order()));
  assert.notDeepEqual(await standing(at), before);
});

test('a case file that comes while it is collected: nothing is kept, it is collected again', async () => {
  await using at = await open();
  const { desk, filing } = at;
  const noting: Partial<DisclosureReader> = {
    async *letters() {
      yield* reader.letters(account);
      must(await desk.answer(filing, 'Mara Kaya', { text: 'x', letterKind: 'CORRECTION', language: 'de' }));
    },
  };
  assert.equal(why(await at.fulfilment({ reader: noting }).collect(filing, order())), 'changedMeanwhile');
  assert.deepEqual(await readdir(at.folder), []);
  must(await at.fulfilment().collect(filing, order()));
});

test('two at once: one package stays, the one that the register names', async () => {
  await using at = await open();
  const fulfilment = at.fulfilment();
  const both = await Promise.all([fulfilment.collect(at.filing, order()), fulfilment.collect(at.filing, order())]);
  assert.ok(both.every(({ ok }) => ok));
  const row = await at.desk.find(at.filing, await at.desk.register());
  assert.deepEqual(await readdir(at.folder), [row?.collected?.look]);
});

test('what a program that was killed left behind is dropped; what is lost is collected again', async () => {
  await using at = await open();
  await mkdir(join(at.folder, 'draft-0123456789abcdef'), { recursive: true });
  await mkdir(join(at.folder, 'ab'.repeat(32)));
  const fulfilment = at.fulfilment();
  must(await fulfilment.collect(at.filing, order()));
  const [kept, ...others] = await readdir(at.folder);
  assert.deepEqual(others, []);
  await fulfilment.tidy();
  assert.deepEqual(await readdir(at.folder), [kept]);
  await rm(join(at.folder, kept ?? ''), { recursive: true });
  assert.equal(why(await fulfilment.copy(at.filing, 'LOOK', 0)), 'packageGone');
  assert.equal(why(await fulfilment.copy(at.filing, 'HANDOVER', 0)), 'notNow');
  must(await fulfilment.collect(at.filing, order()));
  const part = must(await fulfilment.copy(at.filing, 'LOOK', 0));
  assert.ok(part.bytes.length > 0 && part.total > 400_000);
  assert.equal(must(await fulfilment.copy(at.filing, 'LOOK', part.total)).bytes.length, 0);
});

test('an item about nobody in particular, and a filing that is not there', async () => {
  await using at = await open();
  assert.equal(why(await at.fulfilment().collect('2026-0099', order())), 'noSuchFiling');
  assert.equal(why(await at.fulfilment().collect(at.filing, { ...order(), by: 'Niemand' })), 'notInRoster');
  assert.equal(why(await at.fulfilment().look('{}', 'x')), 'look');
  assert.equal(why(await at.fulfilment().look('no JSON', 'x')), 'look');
  await using nobody = await open(null);
  assert.equal(why(await nobody.fulfilment().collect(nobody.filing, order())), 'noTarget');
});
