// Contacts are found by the beginnings of their words, whatever the case and the accents.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contact } from '../writing.ts';
import { findContacts, shownName } from './find-contacts.ts';

const of = (name: string, address: string, organisation = ''): Contact => {
  return { id: undefined, name, addresses: [address], phones: [], organisation, note: '', keys: [] };
};
const all = [
  of('Öztürk, Ayşe', 'ayse@briefkiste.test'),
  of('Jonas Brandt', 'jonas.brandt@kanzlei.test', 'Brandt & Yıldız'),
  of('', 'anonym@x.test'),
];
const names = (text: string) => findContacts(all, text, 'de').map(shownName);

test('everybody stands by name, those without one by their address', () => {
  assert.deepEqual(names(''), ['anonym@x.test', 'Jonas Brandt', 'Öztürk, Ayşe']);
});

test('accents, case and the order of words do not matter', () => {
  assert.deepEqual(names('OZTURK'), ['Öztürk, Ayşe']);
  assert.deepEqual(names('brandt jon'), ['Jonas Brandt']);
  assert.deepEqual(names('kanzlei.test'), ['Jonas Brandt']);
});

test('the middle of a word finds nothing, and every word must fit', () => {
  assert.deepEqual(names('randt'), []);
  assert.deepEqual(names('jonas meier'), []);
});
