// A client that follows /changes page by page knows in the end exactly what is there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitChanges, type ChangedRow } from './changes.ts';
import { formatState, parseState, sinceState } from './state.ts';

test('a state reads back as it was written, and anything else is no state', () => {
  for (const text of ['1.0', '3.17', '2.50.30']) {
    const state = parseState(text);
    assert.ok(state);
    assert.equal(formatState(state), text);
  }
  for (const text of ['', '1', 'a.b', '1.2.3.4', '1.-2', '1.5.9', '1.99999999999999999', ' 1.2', '1.2\n']) {
    assert.equal(parseState(text), undefined, text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseState(text);
    }),
  );
});

test('a state of another era, or from the future, is not told from', () => {
  assert.equal(sinceState('1.5', 2, 9), undefined);
  assert.equal(sinceState('2.10', 2, 9), undefined);
  assert.equal(sinceState('2.9', 2, 9)?.modseq, 9);
});

test('changes that share a number are never torn apart', () => {
  const row = (id: string, modseq: number): ChangedRow => ({ id, createdModseq: 1, modseq, isRemoved: false });
  const rows = [row('a', 5), row('b', 6), row('c', 6), row('d', 6)];
  const told = splitChanges(rows.slice(0, 3), { era: 1, modseq: 4, base: 4 }, 9, 2);
  assert.ok(told.ok);
  assert.deepEqual(told.value.updated, ['a']);
  assert.equal(told.value.newState, '1.5.4');
  const stuck = splitChanges(rows.slice(1), { era: 1, modseq: 5, base: 5 }, 9, 2);
  assert.equal(stuck.ok ? 'ok' : stuck.error.kind, 'cannotCalculateChanges');
});

interface Thing {
  createdModseq: number;
  modseq: number;
  isRemoved: boolean;
}

test('following any history in pages of any size ends with what is there', () => {
  const step = fc.record({
    id: fc.nat(12),
    remove: fc.boolean(),
    follow: fc.boolean(),
    max: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const things = new Map<string, Thing>();
      const known = new Set<string>();
      let state = '1.0';
      let modseq = 0;
      const follow = (max: number): boolean => {
        const since = parseState(state);
        assert.ok(since);
        const rows = [...things]
          .map(([id, thing]) => ({ id, ...thing }))
          .filter((row) => row.modseq > since.modseq)
          .toSorted((a, b) => a.modseq - b.modseq);
        const told = splitChanges(rows.slice(0, max + 1), since, modseq, max);
        assert.ok(told.ok);
        for (const id of told.value.created) known.add(id);
        for (const id of told.value.updated) assert.ok(known.has(id), 'told as updated, never as created');
        for (const id of told.value.destroyed) known.delete(id);
        state = told.value.newState;
        return told.value.hasMoreChanges;
      };
      for (const { id, remove, follow: isFollowing, max } of steps) {
        const name = `t${id}`;
        const thing = things.get(name);
        modseq++;
        if (!remove) {
          const isNew = thing === undefined || thing.isRemoved;
          things.set(name, { createdModseq: isNew ? modseq : thing.createdModseq, modseq, isRemoved: false });
        } else if (thing && !thing.isRemoved) things.set(name, { ...thing, modseq, isRemoved: true });
        if (isFollowing) follow(max);
      }
      while (follow(3)) {
        // until all is told
      }
      const living = [...things].filter(([, thing]) => !thing.isRemoved).map(([id]) => id);
      assert.deepEqual([...known].toSorted(), living.toSorted());
    }),
    { numRuns: 500 },
  );
});
