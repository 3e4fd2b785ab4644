// A client that follows /changes page by page knows in the end exactly what is there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitChanges, type ChangedRow } from './changes.ts';
import { formatState, parseState, sinceState } from './state.ts';

test('a state reads back as it was written, and anything else is no state', () => {
  for (const text of ['1.0', '3.17', '2.50.30', `2.50.30.${'a'.repeat(26)}`]) {
    const state = parseState(text);
    assert.ok(state);
    assert.equal(formatState(state), text);
  }
  for (const text of ['', '1', 'a.b', '1.2.3.4', '1.-2', '1.5.9', '1.99999999999999999', ' 1.2', '1.2\n', '1.3.2.x']) {
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

test('what changed together in one command is told in pages too, each thing once', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(26));
  const rows: ChangedRow[] = ids.map((id) => ({ id, createdModseq: 1, modseq: 6, isRemoved: true }));
  let state = '1.4';
  const told: string[] = [];
  for (let pages = 0; pages < 3; pages++) {
    const since = parseState(state);
    assert.ok(since);
    const left = rows.filter(
      (row) => row.modseq > since.modseq || (since.untilId !== undefined && row.id > since.untilId),
    );
    const changes = splitChanges(left.slice(0, 3), since, 9, 2);
    told.push(...changes.destroyed);
    state = changes.newState;
    assert.equal(changes.hasMoreChanges, pages < 2);
  }
  assert.deepEqual(told, ids);
  assert.equal(state, '1.9');
});

interface Thing {
  firstModseq: number;
  createdModseq: number;
  modseq: number;
  isRemoved: boolean;
}

test('following any history in pages of any size ends with what is there', () => {
  // one command puts or removes several things at one number
  const command = fc.record({
    ids: fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 6 }),
    remove: fc.boolean(),
    follow: fc.boolean(),
    max: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const things = new Map<string, Thing>();
      const known = new Set<string>();
      let state = '1.0';
      let modseq = 0;
      const follow = (max: number): boolean => {
        const since = parseState(state);
        assert.ok(since);
        const rows = [...things]
          .map(([id, thing]) => ({
            id,
            ...thing,
            createdModseq: thing.isRemoved ? thing.firstModseq : thing.createdModseq,
          }))
          .filter((row) => row.modseq >= since.modseq)
          .filter((row) => row.modseq > since.modseq || (since.untilId !== undefined && row.id > since.untilId))
          .toSorted((a, b) => a.modseq - b.modseq || (a.id < b.id ? -1 : 1));
        const told = splitChanges(rows.slice(0, max + 1), since, modseq, max);
        assert.ok(told.created.length + told.updated.length + told.destroyed.length <= max);
        for (const id of told.created) known.add(id);
        for (const id of told.updated) assert.ok(known.has(id), 'told as updated, never as created');
        for (const id of told.destroyed) known.delete(id);
        state = told.newState;
        return told.hasMoreChanges;
      };
      for (const { ids, remove, follow: isFollowing, max } of commands) {
        modseq++;
        for (const number of ids) {
          const id = String.fromCharCode(97 + number).repeat(26);
          const thing = things.get(id);
          const isThere = thing !== undefined && !thing.isRemoved;
          const firstModseq = thing?.firstModseq ?? modseq;
          const createdModseq = isThere ? thing.createdModseq : modseq;
          if (!remove) things.set(id, { firstModseq, createdModseq, modseq, isRemoved: false });
          else if (isThere) things.set(id, { ...thing, modseq, isRemoved: true });
        }
        if (isFollowing) follow(max);
      }
      while (follow(3)) {
        // until all is told
      }
      const living = [...things].filter(([, thing]) => !thing.isRemoved).map(([id]) => id);
      assert.deepEqual([...known].toSorted(), living.toSorted());
    }),
    { numRuns: 1000 },
  );
});
