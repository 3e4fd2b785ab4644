// What /transparency answers: the page, the very bytes that were signed, the table, signatures, errata, schema and log; and what it refuses.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { limits } from '#base/limits.ts';
import { armor } from '#formats/openpgp/armor.ts';
import { parseReport } from '../desk/report/parse-report.ts';
import { reportDigest } from '../desk/report/report.ts';
import { sampleRows } from '../../../test/desk/sample-register.ts';
import { publish, yearOf } from '../../../test/desk/sample-published.ts';
import { createTransparencyRoutes, type TransparencyParts } from './transparency-site.ts';

const schema = await readFile(new URL('../desk/report/transparency-report.schema.json', import.meta.url), 'utf8');
const first = publish(sampleRows().slice(3), 2023);
const second = publish(sampleRows(), 2023, { corrects: first.text });
const older = publish(sampleRows(), 2022, { signers: [] });
const leaf = (nth: number): string => String(nth).padStart(64, '0');

function site(more: Partial<TransparencyParts> = {}) {
  return createTransparencyRoutes({
    frame: undefined,
    published: async () => [yearOf(first, second), yearOf(older)],
    // more entries than any report has seen
    leaves: async (from, count) => Array.from({ length: 5_000 }, (_, nth) => leaf(nth)).slice(from, from + count),
    schema,
    statement: async () => undefined,
    receipt: async ({ sha256 }) => (sha256 === reportDigest(older.text) ? undefined : `receipt of ${sha256}`),
    ...more,
  });
}

async function ask(path: string, init?: RequestInit, app = site()) {
  const answer = await app.request(path, init);
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    headers: answer.headers,
    text: await answer.text(),
  };
}

test('the newest year is shown, another by its address or behind the question mark, in the language asked for', async () => {
  const newest = await ask('/transparency', { headers: { 'accept-language': 'de' } });
  assert.equal(newest.status, 200);
  assert.match(newest.text, /<html lang="de">[\s\S]*Ersuchen von Behörden 2023/);
  assert.equal(newest.headers.get('content-language'), 'de');
  assert.match(newest.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'self'/);
  assert.doesNotMatch(newest.headers.get('content-security-policy') ?? '', /script|unsafe/);
  for (const path of ['/transparency?year=2022&lang=en', '/transparency/2022?lang=en'])
    assert.match((await ask(path)).text, /Requests from authorities 2022/);
  assert.match(newest.text, /<a href="\/transparency\/2022\?lang=de">2022<\/a>/);
});

test('the file is to the byte what was signed; its signatures and each version have addresses', async () => {
  const json = await ask('/transparency/2023.json');
  assert.deepEqual([json.status, json.type, json.text], [200, 'application/json; charset=utf-8', second.text]);
  assert.equal(parseReport(json.text).ok, true);
  assert.equal((await ask('/transparency/2023.json?erratum=0')).text, first.text);
  assert.equal((await ask('/transparency/2023.json?erratum=1')).text, second.text);
  const signatures = await ask('/transparency/2023.asc');
  assert.equal(signatures.type, 'application/pgp-signature');
  assert.equal(signatures.text, armor('PGP SIGNATURE', Buffer.from('oneother'), '\n'));
  const keys = await ask('/transparency/2023.keys');
  assert.equal(keys.type, 'application/pgp-keys');
  assert.equal(keys.text, armor('PGP PUBLIC KEY BLOCK', Buffer.from('oneother'), '\n'));
  const csv = await ask('/transparency/2023.csv');
  assert.match(csv.text, /^id,year,value/);
  assert.match(csv.text, /\r\ntotal,2023,133,/);
  assert.deepEqual(JSON.parse((await ask('/transparency/schema.json')).text), JSON.parse(schema));
  assert.match((await ask('/transparency/2023/errata?lang=de')).text, /1\. Berichtigung/);
});

test('what can be handed over stands there in both languages, also before there is a report', async () => {
  assert.match((await ask('/transparency/matrix?lang=de')).text, /Was übergeben werden kann/);
  const { status, text } = await ask('/transparency/matrix?lang=en');
  assert.equal(status, 200);
  assert.match(text, /letters\.sha256/);
  assert.match((await ask('/transparency?lang=en')).text, /href="\/transparency\/matrix\?lang=en"/);
});

test('HEAD is answered like GET, without a body', async () => {
  for (const path of ['/transparency', '/transparency/matrix', '/transparency/2023.json', '/transparency/log']) {
    const [got, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
    assert.deepEqual([head.status, head.type, head.text], [got.status, got.type, '']);
  }
});

test('what is not there is refused as a problem', async () => {
  const paths = [
    '/transparency/2021',
    '/transparency?year=2021',
    '/transparency?year=x',
    '/transparency/2021.json',
    '/transparency/2023.xml',
    '/transparency/2021.keys',
    '/transparency/2022.keys',
    '/transparency/02023',
    '/transparency/2023.json?erratum=2',
    '/transparency/2023.json?erratum=-1',
    '/transparency/2021/errata',
    '/transparency/..%2f2023.json',
  ];
  for (const path of paths) {
    const answer = await ask(path);
    assert.deepEqual([answer.status, answer.type], [404, 'application/problem+json'], path);
  }
  assert.equal((await ask('/transparency/log?from=x')).status, 400);
  assert.equal((await ask('/transparency/log?from=999999')).status, 404);
});

test('the log ends where the newest report ends, a page at a time', async () => {
  const entries = second.report.register.entries;
  const { text, type } = await ask('/transparency/log');
  assert.match(type, /^text\/plain/);
  const lines = text.trimEnd().split('\n');
  assert.deepEqual(lines.slice(0, 3), ['siegel transparency log 1', `entries ${entries}`, `0 ${leaf(0)}`]);
  assert.equal(lines.at(-1), `${entries - 1} ${leaf(entries - 1)}`, 'nothing that came after the report');
  const many = { ...second, report: { ...second.report, register: { ...second.report.register, entries: 1_500 } } };
  const app = site({ published: async () => [yearOf(many)] });
  const page = await ask('/transparency/log', undefined, app);
  assert.equal(page.text.trimEnd().split('\n').at(-1), `next /transparency/log?from=${limits.deskPage.logLeaves}`);
  const last = await ask(`/transparency/log?from=${limits.deskPage.logLeaves}`, undefined, app);
  assert.equal(last.text.trimEnd().split('\n').length, 2 + 500);
});

test('before the first report the page is there and the files are not', async () => {
  const app = site({ published: async () => [] });
  const page = await ask('/transparency?lang=de', undefined, app);
  assert.equal(page.status, 200);
  assert.match(page.text, /Noch ist kein Bericht veröffentlicht\./);
  assert.equal((await ask('/transparency/2023.json', undefined, app)).status, 404);
  assert.equal((await ask('/transparency?year=2023', undefined, app)).status, 404);
  assert.equal((await ask('/transparency/log', undefined, app)).text, 'siegel transparency log 1\nentries 0\n');
});

test('each version has its own receipt; without one there is nothing', async () => {
  const [newest, before] = [await ask('/transparency/2023.receipt'), await ask('/transparency/2023.receipt?erratum=0')];
  assert.match(newest.text, /^receipt of [0-9a-f]{64}$/);
  assert.match(before.text, /^receipt of [0-9a-f]{64}$/);
  assert.notEqual(newest.text, before.text);
  assert.equal((await ask('/transparency/2022.receipt')).status, 404);
});

test('what nobody has signed says that it is a draft, and names no receipt', async () => {
  const draft = { ...older, signatures: [], signers: [] };
  const drawn = site({ published: async () => [yearOf(draft)] });
  const page = await ask('/transparency?lang=en', undefined, drawn);
  assert.match(page.text, /This is a draft\. Nobody has signed it/);
  assert.doesNotMatch(page.text, /\.receipt|not those of two people/);
  assert.match((await ask('/transparency?lang=de', undefined, drawn)).text, /Dies ist ein Entwurf/);
  assert.doesNotMatch((await ask('/transparency?lang=en')).text, /This is a draft/);
});
