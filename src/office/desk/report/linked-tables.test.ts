// Several tables read together: no small cell follows from those that are published; what each table alone would publish gives some away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { channels, kinds, outcomes } from '#formats/desk/model.ts';
import { countYear, type YearCount } from './count-year.ts';
import { computedBack } from './linked-tables.ts';
import { tableIds, tablesAlone, tablesOf } from './tables.ts';
import { randomRows, rowOf } from './test-rows.ts';

const exact = { bands: null };
const crossOf = (count: YearCount) => ({
  'kind-channel': count.kindChannel,
  'kind-outcome': count.kindOutcome,
  'origin-kind': count.originKind,
  'channel-outcome': count.channelOutcome,
});

/** The first words most often, the last ones hardly ever: as in small years. */
function mostly<T>(words: readonly T[]): fc.Arbitrary<T> {
  return fc
    .integer({ min: 0, max: 999 })
    .map((n) => words[Math.floor((n / 1000) ** 3 * words.length)] ?? assert.fail());
}

const smallYears = fc
  .array(fc.record({ channel: mostly(channels), outcome: mostly(outcomes), kind: mostly(kinds) }), {
    minLength: 15,
    maxLength: 60,
  })
  .map((wishes) =>
    wishes.map(({ channel, outcome, kind }, nth) =>
      rowOf({ channel, outcome, items: [{ kind, basis: null, from: null, until: null, target: null }] }, nth),
    ),
  );

test('of small years nothing small follows from the tables together that the margins do not say; twin: the tables each by itself', () => {
  let given = 0;
  fc.assert(
    fc.property(smallYears, (rows) => {
      const count = countYear(rows, 2023);
      const alone = tablesAlone(count, exact);
      const margins = computedBack({ ...alone, tables: noneOf(alone.tables) });
      const together = { ...alone, tables: tablesOf(count, exact) };
      for (const cell of computedBack(together).keys()) assert.ok(margins.has(cell), cell);
      if ([...computedBack(alone).keys()].some((cell) => !margins.has(cell))) given++;
    }),
    { seed: 21, numRuns: 200 },
  );
  assert.ok(given >= 10, `${given} of 200 give something away`);
});

function noneOf(tables: ReturnType<typeof tablesOf>): ReturnType<typeof tablesOf> {
  const none = { cells: null };
  return {
    'kind-channel': { ...tables['kind-channel'], ...none },
    'kind-outcome': { ...tables['kind-outcome'], ...none },
    'origin-kind': { ...tables['origin-kind'], ...none },
    'channel-outcome': { ...tables['channel-outcome'], ...none },
  };
}

test('what is computed back is the truth, also where requests ask for several kinds', () => {
  let checked = 0;
  fc.assert(
    fc.property(fc.oneof(smallYears, randomRows(30)), (rows) => {
      const count = countYear(rows, 2023);
      for (const [cell, value] of computedBack(tablesAlone(count, exact))) {
        const [id, row = '', column = ''] = cell.split(' ');
        const table = tableIds.find((known) => known === id) ?? assert.fail(cell);
        assert.equal(crossOf(count)[table].get(row)?.get(column), value, cell);
        checked++;
      }
    }),
    { seed: 4, numRuns: 200 },
  );
  assert.ok(checked > 50, `${checked}`);
});

test('a larger year keeps all its tables', () => {
  const rows = Array.from({ length: 900 }, (_, nth) =>
    rowOf({ channel: nth % 3 === 0 ? 'FAX' : 'ESB', outcome: nth % 2 === 0 ? 'DISCLOSED' : 'REJECTED' }, nth),
  );
  for (const { cells } of Object.values(tablesOf(countYear(rows, 2023), exact))) assert.notEqual(cells, null);
});
