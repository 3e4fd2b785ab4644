// A register kept elsewhere: taken whole with the figures it has, or not at all, with every wrong line named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleFilings } from '../../../../test/desk/sample-register.ts';
import { readCsv } from './read-csv.ts';
import { readRegister, type ReadRegister } from './read-register.ts';
import { writeRegister } from './write-register.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const rules = { norms: new Set(['stpo-100j']), country: 'DE', nowMs: NOW };
const HEADER =
  'reference,received,class,country,channel,instrument,urgency,kinds,bases,targets,corrects,outcome,reasons,decided';
const GOOD =
  'a1,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,stpo-100j,1,,REJECTED,INADMISSIBLE_CHANNEL,2025-03-02';

function read(text: string | Uint8Array): Promise<ReadRegister> {
  return readRegister([typeof text === 'string' ? Buffer.from(text) : text], rules);
}

function without(filings: ReadRegister['filings']): unknown {
  return JSON.parse(JSON.stringify(filings));
}

test('a register of two years is read whole, whatever divides its fields, and however its bytes come', async () => {
  const lines = sampleFilings();
  const norms = new Set(lines.flatMap(({ filing }) => filing.items.flatMap(({ basis }) => basis ?? [])));
  const all = { ...rules, norms };
  const first = await readRegister([Buffer.from(writeRegister(lines))], all);
  assert.deepEqual([first.faults, first.filings.length], [[], 188]);
  assert.equal(first.filings.filter(({ given }) => given.received.startsWith('2023')).length, 133);
  assert.equal(
    first.filings.filter(({ correctsNth }) => correctsNth !== null).length,
    lines.filter(({ filing }) => filing.corrects !== null).length,
  );
  for (const [nth, { given, past, correctsNth }] of first.filings.entries()) {
    const line = lines[nth];
    assert.deepEqual(past, line?.past);
    assert.equal(Date.parse(given.received), line?.filing.receivedMs);
    assert.equal(correctsNth === null ? null : lines[correctsNth]?.filing.filing, line?.filing.corrects);
  }
  const other = Buffer.from(`\ufeff${writeRegister(lines, ';').replaceAll('\r\n', '\n')}`);
  const bytes = Array.from(other, (byte) => Uint8Array.of(byte));
  assert.deepEqual(without((await readRegister(bytes, all)).filings), without(first.filings));
});

test('German columns and words are taken too', async () => {
  const german = [
    'Aktenzeichen;Eingang;Behörde;Land;Kanal;Arten;Ergebnis;Gründe',
    '"Js 1/25; A";2025-03-01;Staatsanwaltschaft;DE;Telefax;Bestandsdaten|Verkehrsdaten;formell_abgelehnt;INADMISSIBLE_CHANNEL',
    'Js 2/25;2025-03-02;Polizei;FR;Brief;Postfachbeschlagnahme;erteilt;',
    '',
  ].join('\n');
  const { filings, faults } = await read(german);
  assert.deepEqual(faults, []);
  const [one, two] = filings;
  assert.deepEqual(
    [one?.given.channel, one?.given.items.map(({ kind }) => kind), one?.past.outcome],
    ['FAX', ['SUBSCRIBER', 'TRAFFIC'], 'REJECTED_FORMAL'],
  );
  assert.deepEqual([two?.given.authority, two?.past.outcome], [{ class: 'POLICE', country: 'FR' }, 'DISCLOSED']);
});

const wrong: readonly (readonly [string, RegExp])[] = [
  ['a2,2025-13-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,', /received: must be a day/],
  ['a2,2199-01-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,', /received: is in the future/],
  ['a2,2025-03-01,KING,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,', /class: “KING” is none of PROSECUTION/],
  ['a2,2025-03-01,PROSECUTION,Germany,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,', /country: must be a country/],
  ['a2,2025-03-01,PROSECUTION,DE,TELEX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,', /channel: “TELEX” is none of ESB/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,WISH,NORMAL,SUBSCRIBER,,1,,,,', /instrument: “WISH” is none of/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,SOON,SUBSCRIBER,,1,,,,', /urgency: “SOON” is none of/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,EVERYTHING,,1,,,,', /kinds: “EVERYTHING” is none of/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,,,1,,,,', /kinds: names nothing/],
  [
    'a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,no-law,1,,,,',
    /bases: “no-law” is no norm of the policy/,
  ],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,0,,,,', /targets: must be a whole number from 1/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,many,,,,', /targets: must be a whole number/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,zz,,,', /corrects: “zz” is on no earlier line/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,REJECTED,,', /reasons: is empty/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,REJECTED,RUDE,', /reasons: “RUDE” is none of/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,DISCLOSED,LANGUAGE,', /reasons: stand only where/],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,LOST,,', /outcome: “LOST” is none of/],
  [
    'a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,DISCLOSED,,2025-02-01',
    /decided: is before it was received/,
  ],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,DISCLOSED,,2199-02-01', /decided: is in the future/],
  [
    'a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,2025-03-02',
    /decided: stands only where there is an outcome/,
  ],
  ['a2,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,DISCLOSED,,soon', /decided: must be a day/],
  ['a1,2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,', /reference: “a1” stands on an earlier line/],
  [',2025-03-01,PROSECUTION,DE,FAX,REQUEST,NORMAL,SUBSCRIBER,,1,,,,', /reference: is missing/],
  ['a2,2025-03-01', /has 2 columns and not 14/],
  ['a2,"2025-03-01', /opens a quote that is never closed/],
  ['a2,"2025"x', /has “x” behind a closing quote/],
  ['a2,\0', /holds a NUL/],
  [`a2,${'x'.repeat(5_000)}`, /a field of more than 4096 characters/],
  [`a2${','.repeat(100)}`, /more than 64 columns/],
];

test('each wrong line is named with its number and what to write, and the file as a whole is not taken', async () => {
  for (const [line, wanted] of wrong) {
    const { faults, faultCount } = await read(`${HEADER}\n${GOOD}\n${line}\n`);
    assert.ok(faultCount > 0, line);
    assert.ok(
      faults.some((fault) => fault.line === 3 && wanted.test(fault.what)),
      `${line}: ${JSON.stringify(faults)}`,
    );
  }
  assert.equal((await read(`${HEADER}\n${GOOD}\n`)).faultCount, 0, 'the control');
});

test('headers, other encodings, empty files and a second correction of the same line are refused', async () => {
  const two = GOOD.replace('a1', 'a2').replace(',1,,', ',1,a1,');
  for (const [text, wanted] of [
    ['', /the first line names the columns/],
    [`${HEADER}\n`, /no filing in the file/],
    ['reference,received\n', /lacks the column channel/],
    [`${HEADER},mood\n`, /“mood” that there is not/],
    [`${HEADER},channel\n`, /names the column channel twice/],
    [Buffer.from(`${HEADER}\n${GOOD}\n`, 'utf16le'), /holds a NUL|not UTF-8/],
    [Buffer.from(`${HEADER}\n${GOOD.replace('FAX', 'Behörde')}\n`, 'latin1'), /not UTF-8: save the file/],
    [`${HEADER}\n${GOOD}\n${two}\n${two.replace('a2', 'a3')}\n`, /another line corrects it already/],
  ] as const) {
    const { faults } = await read(text);
    assert.ok(
      faults.some(({ what }) => wanted.test(what)),
      JSON.stringify(faults),
    );
  }
});

test('of many faults the first are shown and all are counted', async () => {
  const bad = wrong[4]?.[0] ?? '';
  const lines = Array.from({ length: 200 }, (_, nth) => bad.replace('a2', `b${nth}`));
  const { faults, faultCount } = await read(`${HEADER}\n${lines.join('\n')}\n`);
  assert.deepEqual([faults.length, faultCount], [20, 200]);
});

test('no bytes make it throw, and the same bytes cut anywhere are the same lines', async () => {
  const base = `${HEADER}\n${GOOD}\n"a ""2""",2025-03-01,,,PGP,,,SUBSCRIBER,,,,,,\r\n`;
  const bytes = fc.array(
    fc.tuple(fc.nat(base.length), fc.constantFrom('"', ',', ';', '\n', '\r', '\0', 'é', 'x', '')),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(7), async (edits, size) => {
      const text = edits.reduce((made, [at, put]) => made.slice(0, at) + put + made.slice(at + 1), base);
      const whole = Buffer.from(text);
      const parts: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size + 1) parts.push(whole.subarray(at, at + size + 1));
      const gather = async (chunks: readonly Uint8Array[]): Promise<unknown[]> => {
        const found: unknown[] = [];
        for await (const record of readCsv(chunks)) found.push(record);
        return found;
      };
      assert.deepEqual(await gather(parts), await gather([whole]));
      await readRegister(parts, rules);
    }),
    { numRuns: 2_000, seed: 7 },
  );
});
