// Both languages say the same things, in the house's manner.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupHeading, groupOf, inTime, listTime, sizeText } from './dates.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { addressesDe } from './addresses-de.ts';
import { addressesEn } from './addresses-en.ts';
import { contactsDe } from './contacts-de.ts';
import { contactsEn } from './contacts-en.ts';
import { domainDe } from './domain-de.ts';
import { domainEn } from './domain-en.ts';
import { forgettingDe } from './forgetting-de.ts';
import { forgettingEn } from './forgetting-en.ts';
import { authoritiesDe } from './authorities-de.ts';
import { authoritiesEn } from './authorities-en.ts';
import { deskDe } from './desk-de.ts';
import { deskEn } from './desk-en.ts';
import { safetyDe } from './safety-de.ts';
import { safetyEn } from './safety-en.ts';
import { sharingDe } from './sharing-de.ts';
import { sharingEn } from './sharing-en.ts';
import { transitDe } from './transit-de.ts';
import { transitEn } from './transit-en.ts';
import { chooseLanguage } from './words.ts';

const laterEn = [
  addressesEn,
  authoritiesEn,
  contactsEn,
  deskEn,
  domainEn,
  forgettingEn,
  safetyEn,
  sharingEn,
  transitEn,
];
const laterDe = [
  addressesDe,
  authoritiesDe,
  contactsDe,
  deskDe,
  domainDe,
  forgettingDe,
  safetyDe,
  sharingDe,
  transitDe,
];

function sentences(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [3, 1, ['x', 'y', 'z']].flatMap((first) => saidOf(value, first));
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentences) : [];
}

/** Sentences take a number or a list of facts first; the other one is not theirs. */
function saidOf(sentence: Function, first: unknown): readonly string[] {
  try {
    return [String(sentence(first, 'x', 'y'))];
  } catch {
    return [];
  }
}

test('no sentence shouts or praises itself', () => {
  for (const sentence of [en, de, ...laterEn, ...laterDe].flatMap(sentences)) {
    assert.ok(!/!|oops|military|undefined/i.test(sentence), sentence);
    assert.notEqual(sentence.trim(), '');
  }
});

test('German says Sie and never du', () => {
  for (const sentence of [de, ...laterDe].flatMap(sentences))
    assert.ok(!/\b(?:du|dein|deine|dir|dich)\b/i.test(sentence), sentence);
});

test('the stored language wins, then the first wish we speak, then English', () => {
  assert.equal(chooseLanguage('de', ['en-GB']), 'de');
  assert.equal(chooseLanguage(null, ['tr-TR', 'de-AT', 'en']), 'de');
  assert.equal(chooseLanguage('xx', ['tr']), 'en');
});

test('rows of one day share a group, older ones a month', () => {
  const now = new Date(2026, 10, 22, 10).getTime();
  const at = (day: number, hour: number, month = 10): number => new Date(2026, month, day, hour).getTime();
  assert.equal(groupOf(at(22, 0), now), groupOf(at(22, 9), now));
  assert.notEqual(groupOf(at(22, 0), now), groupOf(at(21, 23), now));
  assert.equal(groupOf(at(3, 1), now), groupOf(at(12, 1), now));
  assert.equal(groupHeading(en, 'en', at(22, 0), now), 'Today');
  assert.equal(groupHeading(de, 'de', at(21, 23), now), 'Gestern');
  assert.equal(groupHeading(de, 'de', at(19, 12), now), 'Donnerstag');
  assert.equal(groupHeading(en, 'en', at(3, 12), now), 'November');
  assert.equal(groupHeading(en, 'en', new Date(2024, 2, 1).getTime(), now), 'March 2024');
  assert.equal(listTime('de', at(22, 9), now), '09:00');
});

test('sizes and times left read as people say them', () => {
  assert.equal(sizeText('en', 14_200), '14 kB');
  assert.equal(sizeText('de', 1_204_882), '1,2 MB');
  assert.equal(sizeText('en', 999_600), '1 MB');
  assert.equal(inTime('en', 3 * 86_400_000, 0), 'in 3 days');
  assert.equal(inTime('de', 3_600_000, 0), 'in 1 Stunde');
});
