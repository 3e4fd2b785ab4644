// A package holds exactly what the matrix names: the same bytes for the same things, only the days asked for, nothing of whom nobody knows; a job that reads one field more is found.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newId, type AccountId } from '#base/ids.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { kinds, type CalendarDay, type FilingNumber, type Fingerprint, type Kind } from '#formats/desk/model.ts';
import { auditPackage, unpack, type OpenedPackage } from '../../../../test/desk/open-package.ts';
import { writePackage, type PackageFacts, type PackageOrder } from './collect-items.ts';
import { disclosureMatrix, fieldNamesOf, pathsOf } from './disclosure-matrix.ts';
import type { DisclosureReader } from './disclosure-reader.ts';
import { jobs, type Job } from './jobs.ts';
import { tarEnd, tarFile } from './tar.ts';

const account = newId<AccountId>();
const DAY_MS = 86_400_000;
const NEW_YEAR = Date.parse('2026-01-01T00:30:00Z');

const reader: DisclosureReader = {
  findAccount: async () => account,
  subscriber: async () => ({
    addresses: ['anna@siegel.test'],
    aliases: [],
    givenUp: ['alt@siegel.test'],
    createdMs: NEW_YEAR,
    closedMs: null,
  }),
  async *letters() {
    for (let nth = 0; nth < 3; nth += 1) {
      yield {
        receivedMs: NEW_YEAR + nth * DAY_MS,
        expiresMs: nth === 2 ? NEW_YEAR + 9 * DAY_MS : 0,
        sealed: Buffer.from(`sealed ${nth}`),
      };
    }
  },
  waiting: async () => [
    { sender: 'anna@siegel.test', recipients: ['b@x.test', 'c@x.test'], queuedMs: NEW_YEAR, dueMs: NEW_YEAR + 60_000 },
  ],
};

const nobody: DisclosureReader = {
  findAccount: async () => undefined,
  subscriber: async () => undefined,
  async *letters() {},
  waiting: async () => [],
};

interface Made extends PackageFacts {
  readonly archive: Buffer;
  readonly opened: OpenedPackage;
}

async function collect(
  asked: readonly Kind[],
  more: { readonly reader?: DisclosureReader; readonly jobs?: typeof jobs; readonly period?: readonly string[] } = {},
): Promise<Made> {
  const chunks: Uint8Array[] = [];
  const [from = null, until = null] = (more.period ?? []) as readonly CalendarDay[];
  const order: PackageOrder = {
    filing: '2026-0001' as FilingNumber,
    recipient: 'ee'.repeat(20) as Fingerprint,
    zone: 'Europe/Berlin',
    nowMs: NEW_YEAR,
    items: asked.map((kind, item) => ({ item, kind, target: 'anna@siegel.test', account, from, until })),
  };
  const facts = await writePackage(order, more.reader ?? reader, async (chunk) => void chunks.push(chunk), more.jobs);
  const archive = Buffer.concat(chunks);
  return { ...facts, archive, opened: unpack(archive) };
}

test('every kind, and exactly the fields of the matrix', async () => {
  const made = await collect(kinds);
  assert.deepEqual(auditPackage(made.opened), []);
  assert.deepEqual(
    made.fields,
    kinds.flatMap((kind) => fieldNamesOf(kind).map((name) => `${kind}.${name}`)),
  );
  for (const { kind, isHeld } of made.opened.contents.items)
    assert.equal(isHeld, disclosureMatrix[kind].fields.length > 0, kind);
  assert.equal(made.package, createHash('sha256').update(made.archive).digest('hex'));
  assert.equal(made.bytes, made.archive.length);
  assert.equal(made.opened.files.size, 3);
  const again = await collect(kinds);
  assert.ok(again.archive.equals(made.archive), 'the same bytes');
});

test('a job is there for each kind that hands something over, and for no other: none for interception', () => {
  for (const kind of kinds) assert.equal(jobs[kind] !== undefined, disclosureMatrix[kind].fields.length > 0, kind);
  assert.equal(jobs.INTERCEPTION, undefined);
});

test('only what lies in the days asked for, by the clocks of the policy’s zone', async () => {
  const letters = async (...period: readonly string[]): Promise<readonly string[]> => {
    const [item] = (await collect(['SEIZURE'], { period })).opened.contents.items;
    return ((item?.data as { letters?: { receivedAt: string }[] } | null)?.letters ?? []).map(
      ({ receivedAt }) => receivedAt,
    );
  };
  assert.equal((await letters()).length, 3);
  // half past midnight in London is half past one in Berlin
  assert.deepEqual(await letters('2026-01-01', '2026-01-01'), ['2026-01-01T00:30:00Z']);
  assert.deepEqual(await letters('2026-01-02'), ['2026-01-02T00:30:00Z', '2026-01-03T00:30:00Z']);
  assert.deepEqual(await letters('2025-01-01', '2025-12-31'), []);
  assert.deepEqual((await collect(['TRAFFIC'], { period: ['2026-01-02', '2026-02-01'] })).fields, []);
});

test('of whom nobody knows nothing is held, and the package says so', async () => {
  const made = await collect(kinds, { reader: nobody });
  assert.deepEqual(made.fields, []);
  assert.deepEqual(auditPackage(made.opened), []);
  assert.ok(made.opened.contents.items.every(({ isHeld, data }) => !isHeld && data === null));
});

test('twin: a job that reads one field more, or one less, is found before anything is handed over', async () => {
  const wrap = (change: (data: object) => object): typeof jobs => ({
    ...jobs,
    SUBSCRIBER: async (...args: Parameters<Job>) => {
      const data = await jobs.SUBSCRIBER?.(...args);
      return data && change(data);
    },
  });
  await assert.rejects(
    collect(['SUBSCRIBER'], { jobs: wrap((data) => ({ ...data, sessions: [{ openedAt: 'x' }] })) }),
    /not as the matrix says.*sessions\.openedAt/,
  );
  await assert.rejects(
    collect(['SUBSCRIBER'], { jobs: wrap((data) => ({ addresses: Object.values(data)[0] })) }),
    /not as the matrix says.*"less":\["aliases"/,
  );
  await assert.rejects(
    collect(['INTERCEPTION'], { jobs: { INTERCEPTION: async () => ({ letters: ['later'] }) } }),
    /not as the matrix says/,
  );
});

test('twin: the audit of the package finds a field too many, one too few, and a file that nothing names', async () => {
  const { opened } = await collect(['SUBSCRIBER', 'SEIZURE']);
  const altered = (change: (contents: string) => string): OpenedPackage => ({
    ...opened,
    contents: JSON.parse(change(JSON.stringify(opened.contents))) as OpenedPackage['contents'],
  });
  assert.deepEqual(auditPackage(opened), []);
  assert.deepEqual(auditPackage(altered((text) => text.replace('"aliases"', '"folders":["x"],"aliases"'))), [
    'more: SUBSCRIBER.folders',
  ]);
  assert.deepEqual(auditPackage(altered((text) => text.replace('"aliases":[],', ''))), ['less: SUBSCRIBER.aliases']);
  const files = new Map([...opened.files, ['summary.json', Buffer.from('x')] as const]);
  assert.deepEqual(auditPackage({ ...opened, files }), ['more: file summary.json']);
});

test('fields are named by where they stand', () => {
  assert.deepEqual(
    pathsOf({
      a: [
        { b: 1, c: [] },
        { b: null, d: {} },
      ],
      e: ['x', 'y'],
    }),
    ['a.b', 'a.c', 'a.d', 'e'],
  );
});

test('jobs and what packs them know nothing of the house but the reader that they are given', () => {
  const folder = import.meta.dirname;
  for (const name of readdirSync(folder).filter((one) =>
    /^(jobs|collect-items|disclosure-reader|disclosure-matrix|tar)\.ts$/.test(one),
  )) {
    const text = readFileSync(join(folder, name), 'utf8');
    const of = [...text.matchAll(/from '([^']+)'/g)].map(([, from = '']) => from);
    assert.deepEqual(
      of.filter((from) => /^#(vault|post|programs)|^\.\.|^kysely|^pg|^node:(?!crypto)/.test(from)),
      [],
      name,
    );
  }
});

test('the archive refuses names that tar does not hold', () => {
  for (const name of ['', 'ä.pgp', 'a b', 'x'.repeat(101)]) assert.throws(() => tarFile(name, new Uint8Array()));
  assert.equal(tarEnd().length, 1_024);
  assert.equal(canonicalBytes({}).length, 2);
});
