// The distance of two texts against the whole table of Wagner and Fischer, for texts that are nearly the same and such that are not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textError } from './text-distance.ts';

/** Numbers that are the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Every field of the table. */
function wholeDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = (above[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      row[j] = Math.min(same, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
    }
    above = row;
  }
  return above[other.length] ?? 0;
}

function changed(text: string, changes: number, roll: (below: number) => number): string {
  const letters = Array.from(text);
  for (let i = 0; i < changes; i++) {
    const at = roll(letters.length + 1);
    const kind = roll(3);
    letters.splice(at, kind === 0 ? 0 : 1, ...(kind === 1 ? [] : ['abc'[roll(3)] ?? '']));
  }
  return letters.join('');
}

test('the share of letters that are wrong is that of the whole table, and 1 beyond what was asked for', () => {
  const roll = dice(7);
  const seen = { within: 0, beyond: 0 };
  for (let run = 0; run < 1_500; run++) {
    const meant = Array.from({ length: 1 + roll(run % 10 === 0 ? 240 : 30) }, () => 'abc'[roll(3)]).join('');
    const found = run % 7 === 0 ? changed('', roll(40), roll) : changed(meant, roll(60), roll);
    const shareMax = [0, 0.05, 0.2, 0.5, 1][roll(5)] ?? 0;
    const most = Math.floor(meant.length * shareMax) + 1;
    const whole = wholeDistance(meant, found);
    seen[whole <= most ? 'within' : 'beyond'] += 1;
    assert.equal(
      textError(meant, found, shareMax),
      whole <= most ? whole / meant.length : 1,
      `${meant} ${found} ${shareMax}`,
    );
  }
  assert.ok(seen.within > 300 && seen.beyond > 300, JSON.stringify(seen));
});

test('nothing meant and nothing found is no error; nothing meant and something found is one', () => {
  assert.equal(textError('', '', 0.1), 0);
  assert.equal(textError('', 'a', 0.1), 1);
  assert.equal(textError('a', '', 0), 1);
});
