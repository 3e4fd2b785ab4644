// Addresses lead back to where one was; nothing of a search stands in them; nonsense leads nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import { parseRoute, routeText, samePlace, type Route } from './place.ts';

const id = newId<MailboxId>();
const letter = newId<LetterId>();

test('every address leads back to its place', () => {
  const routes: readonly Route[] = [
    { place: { kind: 'mailbox', id }, letter: undefined, settings: undefined },
    { place: { kind: 'mailbox', id }, letter, settings: undefined },
    { place: { kind: 'starred' }, letter, settings: undefined },
    { place: undefined, letter: undefined, settings: 'rules' },
    { place: undefined, letter: undefined, settings: 'contacts' },
    { place: undefined, letter: undefined, settings: 'safety' },
  ];
  for (const route of routes) assert.deepEqual(parseRoute(routeText(route)), route);
});

test('the words of a search never stand in the address', () => {
  const text = routeText({ place: { kind: 'search', plainText: 'Scheidung' }, letter, settings: undefined });
  assert.ok(!text.includes('Scheidung'));
});

test('nonsense leads nowhere and never throws', () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      const { place } = parseRoute(hash);
      assert.ok(place === undefined || place.kind !== 'search');
    }),
  );
  assert.equal(parseRoute('#in/../../etc').place, undefined);
  assert.equal(parseRoute('#settings/nonsense').settings, 'general');
});

test('places are the same by what they hold', () => {
  assert.ok(samePlace({ kind: 'mailbox', id }, { kind: 'mailbox', id }));
  assert.ok(!samePlace({ kind: 'mailbox', id }, { kind: 'starred' }));
  assert.ok(!samePlace({ kind: 'search', plainText: 'a' }, { kind: 'search', plainText: 'b' }));
});
