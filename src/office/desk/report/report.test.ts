// The report of a year from rows: every figure from records, all parts add up, the bytes are canonical and fit the published schema.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { FIRST_HEAD } from '../register/chain.ts';
import type { FilingRow } from '../register/fold.ts';
import { compareReports } from './compare-reports.ts';
import { bandOf, oneDecimal, percentOf } from './figure.ts';
import { merkleRootOf } from './merkle-root.ts';
import { parseReport } from './parse-report.ts';
import { csvCell, reportCsv } from './report-csv.ts';
import { reportDigest, reportOf, reportText, type PolicyFacts, type Report } from './report.ts';
import { randomRows, rowOf } from './test-rows.ts';
import { schemaFaults } from './test-schema.ts';

const facts: PolicyFacts = { digest: null, house: 'Beispielpost', country: 'DE', interceptions: { bands: null } };
const register = { entries: 0, head: FIRST_HEAD, root: merkleRootOf([]) };
const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'transparency-report.schema.json'), 'utf8')) as Record<
  string,
  unknown
>;

function report(rows: Iterable<FilingRow>, more: { year?: number; policy?: PolicyFacts; corrects?: string } = {}) {
  return reportOf({ rows, year: 2023, policy: facts, register, generatedMs: 1_700_000_000_000, ...more });
}

function counts({ figures }: Pick<Report, 'figures'>, group: string): readonly number[] {
  return Object.entries(figures)
    .filter(([id]) => id.startsWith(`${group}.`) && !id.endsWith('.share'))
    .map(([, { value }]) => Number(value));
}
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const shown = ({ figures }: Pick<Report, 'figures'>, id: string) => figures[id]?.value;

/** 133 filings of 2023 and 55 of 2022, drawn from lists that say how many come each way. */
function twoYears(): readonly FilingRow[] {
  const year2023 = Array.from({ length: 133 }, (_, nth) =>
    rowOf(
      {
        year: 2023,
        day: nth,
        channel: nth < 36 ? 'PLAIN_MAIL' : nth < 44 ? 'FAX' : nth < 60 ? 'POST' : nth < 80 ? 'PGP' : 'ESB',
        outcome: nth < 30 ? 'REJECTED_FORMAL' : nth < 45 ? 'REJECTED' : nth < 50 ? 'NO_DATA_HELD' : 'DISCLOSED',
        isCorrected: nth < 9,
        origin: nth === 132 ? 'OTHER' : nth > 129 ? 'EU' : 'HOME',
        spanMs: (nth + 1) * 3_600_000,
      },
      nth,
    ),
  );
  const year2022 = Array.from({ length: 55 }, (_, nth) =>
    rowOf({ year: 2022, day: nth, outcome: nth < 14 ? 'REJECTED' : 'DISCLOSED' }, nth),
  );
  return [...year2022, ...year2023];
}

test('133 requests after 55, 45 rejected after 14, and every share, from the records', () => {
  const made = report(twoYears());
  const before = made.before ?? assert.fail('no year before');
  assert.deepEqual([shown(made, 'total'), shown(before, 'total')], [133, 55]);
  assert.deepEqual([shown(made, 'rejected.first'), shown(before, 'rejected.first')], [45, 14]);
  assert.deepEqual(made.figures['rejected.first.share'], {
    value: '33.8',
    numerator: 45,
    denominator: 133,
    definition: 'shareOfTotal',
    rounding: 'percent1',
  });
  assert.deepEqual([shown(made, 'rejected.corrected'), shown(made, 'rejected.finally')], [9, 36]);
  assert.deepEqual([shown(made, 'origin.HOME'), shown(made, 'origin.EU'), shown(made, 'origin.OTHER')], [130, 2, 1]);
  assert.equal(shown(made, 'channel.PLAIN_MAIL.share'), '27.1');
  assert.equal(shown(made, 'channel.FAX.share'), '6.0');
  assert.equal(shown(made, 'protection.CLEAR'), 44);
  // hours from 1 to 133: places 67 and 120
  assert.deepEqual([shown(made, 'time.median'), shown(made, 'time.p90')], ['2.8', '5.0']);
  assert.deepEqual(made.figures['time.p90'], {
    value: '5.0',
    numerator: 120 * 3_600_000,
    denominator: 86_400_000,
    definition: 'timeP90',
    rounding: 'days1',
  });
  const one = report([...twoYears()].slice(1));
  assert.equal(one.before && shown(one.before, 'total'), 54, 'from records, never constants');
});

test('shares are rounded half away from zero by integers alone', () => {
  const cases: readonly (readonly [number, number, string])[] = [
    [45, 133, '33.8'],
    [36, 133, '27.1'],
    [8, 133, '6.0'],
    [1, 8, '12.5'],
    [1, 2000, '0.1'],
    [3, 2000, '0.2'],
    [1, 2001, '0.0'],
    [201, 2000, '10.1'],
    [133, 133, '100.0'],
    [0, 5, '0.0'],
  ];
  for (const [part, of, value] of cases) assert.equal(percentOf(part, of, 'total').value, value, `${part}/${of}`);
  assert.equal(percentOf(0, 0, 'total').value, null);
  assert.deepEqual([oneDecimal(-1, 20), oneDecimal(-1, 21), oneDecimal(-5, 4)], ['-0.1', '0.0', '-1.3']);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 1, max: 10 ** 9 }), (part, of) => {
      const tenths = (BigInt(part) * 2000n + BigInt(of)) / (2n * BigInt(of));
      assert.equal(percentOf(part, of, 'total').value, `${tenths / 10n}.${tenths % 10n}`);
    }),
    { seed: 11 },
  );
  assert.throws(() => oneDecimal(2 ** 50, 3));
  assert.throws(() => percentOf(0.5, 3, 'total'));
});

test('in every register all parts add up, and the year before is what its own report says', () => {
  fc.assert(
    fc.property(randomRows(60), (rows) => {
      const made = report(rows);
      const total = rows.filter(({ receivedOn }) => receivedOn.startsWith('2023')).length;
      assert.equal(shown(made, 'total'), total);
      for (const group of ['origin', 'authority', 'channel', 'protection', 'instrument', 'urgency', 'outcome'])
        assert.equal(sum(counts(made, group)), total, group);
      assert.ok(sum(counts(made, 'kind')) >= total);
      const rejected = Number(shown(made, 'rejected.first'));
      assert.equal(Number(shown(made, 'rejected.corrected')) + Number(shown(made, 'rejected.finally')), rejected);
      assert.equal(Number(shown(made, 'outcome.REJECTED')) + Number(shown(made, 'outcome.REJECTED_FORMAL')), rejected);
      assert.equal(shown(made, 'rejected.formal'), shown(made, 'outcome.REJECTED_FORMAL'));
      for (const value of counts(made, 'reason')) assert.ok(value <= rejected);
      const before = report(rows, { year: 2022 });
      assert.deepEqual(made.before?.figures ?? before.figures, before.figures);
      assert.equal(made.before === null, shown(before, 'total') === 0);
      for (const figure of Object.values(made.figures)) {
        assert.ok(made.definitions[figure.definition].de && made.roundings[figure.rounding].en);
        if (figure.denominator !== null && figure.rounding === 'percent1')
          assert.ok((figure.numerator ?? 0) <= figure.denominator);
      }
    }),
    { seed: 5, numRuns: 200 },
  );
});

test('every cell of a table that is shown is the true one, and rows of channel × outcome add up where none is hidden', () => {
  fc.assert(
    fc.property(randomRows(120), (rows) => {
      const { tables, figures } = report(rows);
      const table = tables['channel-outcome'];
      for (const [r, row] of (table.cells ?? []).entries()) {
        const channel = table.rows[r] ?? '';
        for (const [c, cell] of row.entries()) {
          const outcome = table.columns[c] === 'OPEN' ? null : table.columns[c];
          const truth = rows.filter(
            (of) => of.receivedOn.startsWith('2023') && of.channel === channel && of.outcome === outcome,
          ).length;
          assert.ok(cell === null || cell === truth);
          assert.ok(cell === null || cell === 0 || cell > 4);
        }
        if (!row.includes(null)) assert.equal(sum(row.map(Number)), figures[`channel.${channel}`]?.value);
      }
    }),
    { seed: 9, numRuns: 40 },
  );
});

test('with bands nobody computes the number of interceptions from what else is said', () => {
  const rows = twoYears().map((row, nth) =>
    nth % 20 === 0 ? { ...row, items: row.items.map((item) => ({ ...item, kind: 'INTERCEPTION' as const })) } : row,
  );
  const made = report(rows, { policy: { ...facts, interceptions: { bands: [99, 499] } } });
  assert.deepEqual(made.figures['kind.INTERCEPTION'], {
    value: '0–99',
    numerator: null,
    denominator: null,
    definition: 'kind',
    rounding: 'band',
  });
  assert.equal(shown(made, 'kind.INTERCEPTION.share'), null);
  const rest = 133 - sum(counts(made, 'kind').filter(Number.isInteger));
  assert.ok(rest >= 99, 'what is left for interceptions fills the band');
  assert.equal(made.figures['kind.SUBSCRIBER']?.rounding, 'leftOut');
  for (const id of ['kind-channel', 'kind-outcome'] as const) assert.ok(!made.tables[id].rows.includes('INTERCEPTION'));
  assert.ok(!made.tables['origin-kind'].columns.includes('INTERCEPTION'));
  assert.equal(bandOf(500, [99, 499], 'kind').value, '500+');
  // the twin: the exact number, as without bands
  assert.equal(shown(report(rows), 'kind.INTERCEPTION'), 7);
});

test('the text is canonical JSON that fits the schema, and is read back', () => {
  fc.assert(
    fc.property(randomRows(40), fc.constantFrom(null, [9, 99]), (rows, bands) => {
      const text = reportText(report(rows, { policy: { ...facts, interceptions: { bands } } }));
      assert.equal(canonicalJson(JSON.parse(text)), text);
      assert.deepEqual(schemaFaults(schema, JSON.parse(text)), []);
      const parsed = parseReport(text);
      assert.ok(parsed.ok && reportText(parsed.value) === text);
    }),
    { seed: 2, numRuns: 40 },
  );
});

test('what does not fit the schema is found, and is no report', () => {
  const good = report(twoYears());
  const { house: _, ...without } = good;
  const bad: readonly unknown[] = [
    without,
    { ...good, more: 1 },
    { ...good, year: -1 },
    { ...good, what: 'another' },
    { ...good, figures: { ...good.figures, total: { ...good.figures['total'], value: 1.5 } } },
    { ...good, figures: { ...good.figures, total: { ...good.figures['total'], rounding: 'guessed' } } },
    { ...good, register: { ...register, head: 'x' } },
  ];
  for (const value of bad) assert.notDeepEqual(schemaFaults(schema, value), []);
  for (const value of bad.filter((_, nth) => nth !== 4))
    assert.deepEqual(parseReport(canonicalJson(value)), { ok: false, error: { kind: 'notAReport' } });
  assert.equal(parseReport(JSON.stringify(good)).ok, false, 'not canonical');
  assert.equal(parseReport('{').ok, false);
});

test('a correction names what it corrects and which figures changed', () => {
  const first = reportText(report(twoYears()));
  const rows = twoYears().map((row, nth) => (nth === 60 ? { ...row, channel: 'ESB' as const } : row));
  const second = report(rows, { corrects: first });
  assert.equal(second.erratum, 1);
  assert.equal(second.corrects?.sha256, reportDigest(first));
  const changed = second.corrects?.changed ?? [];
  assert.ok(changed.includes('figures.channel.PLAIN_MAIL') && changed.includes('figures.channel.ESB.share'));
  assert.ok(!changed.includes('figures.total'));
  const parsed = parseReport(first);
  const changes = parsed.ok ? compareReports(parsed.value, second) : [];
  assert.deepEqual(
    changes.map(({ id }) => id),
    changed,
  );
  assert.equal(report(twoYears(), { corrects: reportText(second) }).erratum, 2);
  assert.throws(() => report(rows, { year: 2022, corrects: first }));
  assert.throws(() => report(rows, { corrects: '{}' }));
});

test('the table for spreadsheets has a row for each figure, and no cell is a formula', () => {
  const made = report(twoYears());
  const lines = reportCsv(made).split('\r\n');
  const figures = Object.keys(made.figures).length + Object.keys(made.before?.figures ?? {}).length;
  assert.equal(lines.length, 1 + figures + 1);
  assert.equal(lines[0], 'id,year,value,numerator,denominator,rounding,definition,definition_en,definition_de');
  assert.ok(lines.some((line) => line.startsWith('channel.FAX.share,2023,6.0,8,133,percent1,shareOfTotal,')));
  for (const text of ['=1+1', '+1+1', '-1+1', '@x', '\tx', '\rx'])
    assert.ok(csvCell(text).replace('"', '').startsWith("'"), text);
  assert.deepEqual([csvCell('-1.5'), csvCell(null), csvCell('a "b", c')], ['-1.5', '', '"a ""b"", c"']);
});
