// Recipients’ rules: what they see, what they do, what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { newId, type MailboxId } from '#base/ids.ts';
import { applyRules, rulesSchema, type PlainTraits } from './rules.ts';

const work = newId<MailboxId>();
const lists = newId<MailboxId>();
const letter: PlainTraits = {
  from: ['Anna@Mail.Example.org'],
  to: ['ben@siegel.test', 'clara@siegel.test'],
  subject: 'Rechnung für März',
  list: 'dev.lists.example.org',
};

const outcome = (json: string): ReturnType<typeof applyRules> =>
  applyRules(v.parse(rulesSchema, JSON.parse(`[${json}]`)), letter);
const rule = (field: string, op: string, value: string, then = '{"flag":true}'): string =>
  `{"if":{"field":"${field}","op":"${op}","value":"${value}"},"then":${then}}`;

test('a rule sees sender, recipients, subject and list, whatever the case', () => {
  const hits = [
    rule('from', 'is', 'anna@mail.example.org'),
    rule('from', 'domain', 'example.org'),
    rule('from', 'domain', '@mail.example.org'),
    rule('to', 'contains', 'CLARA'),
    rule('subject', 'contains', 'rechnung FÜR'),
    rule('list', 'is', 'dev.lists.example.org'),
  ];
  for (const hit of hits) assert.deepEqual(outcome(hit).keywords, ['$flagged'], hit);
  const misses = [
    rule('from', 'is', 'anna'),
    rule('from', 'domain', 'ample.org'),
    rule('subject', 'is', 'Rechnung'),
    rule('list', 'domain', 'org.example'),
  ];
  for (const miss of misses) assert.deepEqual(outcome(miss).keywords, [], miss);
});

test('the first mailbox named wins, marks add up', () => {
  const first = rule('from', 'domain', 'example.org', `{"moveTo":"${work}","markRead":true}`);
  const second = rule('list', 'contains', 'lists', `{"moveTo":"${lists}","flag":true}`);
  assert.deepEqual(outcome(`${first},${second}`), { moveTo: work, keywords: ['$seen', '$flagged'] });
});

test('what could lose a letter, or is no rule, is refused', () => {
  const bad = [
    rule('from', 'is', 'a', '{"discard":true}'),
    rule('from', 'is', 'a', '{"moveTo":"not an id"}'),
    rule('from', 'matches', 'a'),
    rule('body', 'contains', 'a'),
    rule('from', 'is', ''),
    Array.from({ length: 201 }, () => rule('from', 'is', 'a')).join(','),
  ];
  for (const json of bad) assert.throws(() => outcome(json), json.slice(0, 80));
});
