// Who gets an answer, what it is called, and where it stands in the conversation.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerPlace, answerRecipients, answerSubject, bareSubject, listPostAddress } from './answer.ts';

const at = (address: string, name = '') => ({ name, address });
const me = 'anna@siegel.test';
const letter = {
  from: [at('carl@x.test', 'Carl')],
  replyTo: [],
  to: [at('Anna@Siegel.test'), at('ben@x.test')],
  cc: [at('cora@x.test'), at('carl@x.test')],
};

test('an answer goes to the author, an answer to all to everybody but oneself, each once', () => {
  assert.deepEqual(answerRecipients(letter, 'reply', [me]), { to: [at('carl@x.test', 'Carl')], cc: [] });
  const all = answerRecipients(letter, 'reply-all', [me]);
  assert.deepEqual(all.to, [at('carl@x.test', 'Carl')]);
  assert.deepEqual(all.cc, [at('ben@x.test'), at('cora@x.test')]);
});

test('Reply-To comes before From', () => {
  const asked = { ...letter, replyTo: [at('office@x.test')] };
  assert.deepEqual(answerRecipients(asked, 'reply', [me]).to, [at('office@x.test')]);
});

test('a letter of one’s own is followed up to those it went to', () => {
  const own = { from: [at(me)], replyTo: [], to: [at('ben@x.test')], cc: [at('cora@x.test')] };
  assert.deepEqual(answerRecipients(own, 'reply', [me]), { to: [at('ben@x.test')], cc: [] });
  assert.deepEqual(answerRecipients(own, 'reply-all', [me]), { to: [at('ben@x.test')], cc: [at('cora@x.test')] });
  const alone = { from: [at(me)], replyTo: [], to: [at(me)], cc: [] };
  assert.deepEqual(answerRecipients(alone, 'reply', [me]).to, [at(me)]);
});

test('a forwarded letter begins without recipients', () => {
  assert.deepEqual(answerRecipients(letter, 'forward', [me]), { to: [], cc: [] });
});

test('a subject gets its prefix once, in any language', () => {
  for (const subject of ['Termin', 'Re: Termin', 'AW: Termin', 'RE: re : Aw[2]: Termin', 'Antw: SV: Termin']) {
    assert.equal(answerSubject(subject, 'reply'), 'Re: Termin');
  }
  for (const subject of ['Termin', 'WG: Termin', 'Fwd: FW: Termin']) {
    assert.equal(answerSubject(subject, 'forward'), 'Fwd: Termin');
  }
  assert.equal(answerSubject('WG: Termin', 'reply'), 'Re: WG: Termin');
  assert.equal(answerSubject('Rechnung: 12', 'reply'), 'Re: Rechnung: 12');
  assert.equal(bareSubject('AW: WG: Re: Termin'), 'Termin');
  assert.equal(answerSubject('', 'reply'), 'Re:');
});

test('references keep the first and the newest', () => {
  const references = Array.from({ length: 60 }, (_, n) => `${n}@x.test`);
  const place = answerPlace({ messageId: 'last@x.test', inReplyTo: [], references });
  assert.equal(place.references.length, 20);
  assert.equal(place.references[0], '0@x.test');
  assert.equal(place.references.at(-1), 'last@x.test');
  assert.deepEqual(place.inReplyTo, ['last@x.test']);
  assert.deepEqual(answerPlace({ messageId: 'b@x', inReplyTo: ['a@x'], references: [] }).references, ['a@x', 'b@x']);
});

test('an id that would break its field is left out', () => {
  assert.deepEqual(answerPlace({ messageId: 'a>\r\nBcc: <x@y', inReplyTo: [], references: [] }).references, []);
});

test('a list says where it takes letters', () => {
  assert.equal(listPostAddress('<mailto:list@x.test?subject=a> (all)'), 'list@x.test');
  assert.equal(listPostAddress('NO'), undefined);
  assert.equal(listPostAddress(undefined), undefined);
  assert.equal(listPostAddress('<mailto:%zz@x.test>'), undefined);
});
