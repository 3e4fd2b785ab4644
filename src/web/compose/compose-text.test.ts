// Texts of the composer: what is pasted becomes people, what is written becomes plain text, and when "later" is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { en } from '../words/en.ts';
import { nobody, unsealedIn, chipState } from './compose-state.ts';
import { withoutQuote } from './draft-form.ts';
import { linkOf } from './link-address.ts';
import { fingerprintGroups } from '../parts/fingerprint.ts';
import { isManyAddresses, peopleInText, withPeople } from './recipient-text.ts';
import { laterChoices, leavesText, localInputText, parseLocalInput } from './send-times.ts';
import { plainOf, tidyHtml, type ReadNode } from './tidy-html.ts';

/** As small as a DOM can be. */
function element(
  nodeName: string,
  attributes: Readonly<Record<string, string>>,
  ...inside: readonly (ReadNode | string)[]
): ReadNode {
  const childNodes = inside.map((one): ReadNode =>
    typeof one === 'string' ? { nodeType: 3, nodeName: '#text', textContent: one, childNodes: [] } : one,
  );
  const textContent = childNodes.map((child) => child.textContent ?? '').join('');
  return { nodeType: 1, nodeName, textContent, childNodes, getAttribute: (name) => attributes[name] ?? null };
}

test('a pasted list becomes one person an address, with the names that stand there', () => {
  assert.deepEqual(peopleInText('Jonas Brandt <jonas@a.test>, "Kaya, Mara" <mara@a.test>; leyla@a.test\ntom@b.test'), [
    { name: 'Jonas Brandt', address: 'jonas@a.test' },
    { name: 'Kaya, Mara', address: 'mara@a.test' },
    { name: '', address: 'leyla@a.test' },
    { name: '', address: 'tom@b.test' },
  ]);
  assert.deepEqual(
    peopleInText('a@a.test b@b.test').map(({ address }) => address),
    ['a@a.test', 'b@b.test'],
  );
  assert.deepEqual(peopleInText('mailto:a@a.test'), [{ name: '', address: 'a@a.test' }]);
});

test('what is no address stays as it was typed, to be corrected', () => {
  assert.deepEqual(peopleInText('leyla.yildiz'), [{ name: '', address: 'leyla.yildiz' }]);
  assert.equal(chipState({ name: '', address: 'leyla.yildiz' }, new Map()), 'invalid');
});

test('nothing that is pasted throws or becomes an empty chip', () => {
  fc.assert(fc.property(fc.string(), (text) => peopleInText(text).every(({ address }) => address.trim() !== '')));
});

test('one address is typed on, several become chips at once', () => {
  assert.equal(isManyAddresses('jonas@a.test'), false);
  assert.equal(isManyAddresses('jonas@a.test, mara@a.test'), true);
  assert.equal(isManyAddresses('Jonas <jonas@a.test>'), true);
  assert.equal(isManyAddresses('not, an, address'), false);
});

test('nobody gets it twice, whatever the case of the letters', () => {
  const list = withPeople(
    [{ name: '', address: 'Jonas@a.test' }],
    peopleInText('jonas@A.test, mara@a.test, MARA@a.test'),
  );
  assert.deepEqual(
    list.map(({ address }) => address),
    ['Jonas@a.test', 'mara@a.test'],
  );
});

test('the button names those without a key and nobody else', () => {
  const state = (address: string, state: 'none' | 'house', deliverable = true) =>
    [
      address,
      { address, state, fingerprint: undefined, formerFingerprint: undefined, deliverable, reason: undefined },
    ] as const;
  const known = new Map([state('a@a.test', 'none'), state('b@a.test', 'house'), state('c@a.test', 'none', false)]);
  const people = {
    ...nobody,
    to: peopleInText('A@a.test, b@a.test'),
    bcc: peopleInText('a@a.test, c@a.test, d@a.test'),
  };
  assert.deepEqual(
    unsealedIn(people, known).map(({ address }) => address),
    ['A@a.test'],
  );
});

test('a fingerprint is read in groups of four', () => {
  assert.deepEqual(fingerprintGroups('d3a90c61f8'), ['D3A9', '0C61', 'F8']);
});

test('what is pasted keeps its words and its lists, and loses styles, scripts, pictures and odd links', () => {
  const page = element(
    'BODY',
    {},
    element('STYLE', {}, 'p{color:red}'),
    element('SCRIPT', {}, 'alert(1)'),
    element('P', { style: 'color:red', onclick: 'x()' }, 'a < b ', element('STRONG', {}, 'bold')),
    element('A', { href: 'javascript:alert(1)' }, 'bad'),
    element('A', { href: 'https://a.test/"x' }, 'good'),
    element('IMG', { src: 'https://spy.test/1.gif', alt: 'logo' }),
    element('FONT', { face: 'x' }, 'plain'),
  );
  assert.equal(tidyHtml(page), '<p>a &lt; b <b>bold</b></p>bad<a href="https://a.test/&quot;x">good</a>logoplain');
});

test('the plain form has lines, dashes, numbers and marks of quotes', () => {
  const page = element(
    'DIV',
    {},
    'Dear Tom,',
    element('DIV', {}, element('BR', {})),
    element('DIV', {}, 'three things:'),
    element(
      'UL',
      {},
      element('LI', {}, 'one'),
      element('LI', {}, 'two ', element('A', { href: 'https://a.test/x' }, 'there')),
    ),
    element('OL', {}, element('LI', {}, 'first'), element('LI', {}, 'second')),
    element('BLOCKQUOTE', {}, element('P', {}, 'quoted'), element('P', {}, 'twice')),
    element('DIV', {}, 'Leyla'),
  );
  assert.equal(
    plainOf(page),
    'Dear Tom,\n\nthree things:\n- one\n- two there <https://a.test/x>\n\n1. first\n2. second\n\n> quoted\n>\n> twice\n\nLeyla',
  );
});

test('the quote at the end of a kept draft is found again', () => {
  const text = 'Danke.\n\nAm 3. März schrieb Jonas:\n> Hallo\n>\n> Bis dann';
  assert.deepEqual(withoutQuote(text), {
    plainText: 'Danke.',
    quote: { plainHtml: '', plainText: 'Am 3. März schrieb Jonas:\n> Hallo\n>\n> Bis dann' },
  });
  assert.equal(withoutQuote('no quote\n> here\nbut after it text').quote, undefined);
  assert.equal(withoutQuote('> only quoted').quote, undefined);
});

test('tomorrow is at eight; on a Sunday it is Monday too', () => {
  const saturday = new Date(2026, 10, 21, 22, 30).getTime();
  assert.deepEqual(laterChoices(saturday), [
    { key: 'tomorrow', atMs: new Date(2026, 10, 22, 8).getTime() },
    { key: 'monday', atMs: new Date(2026, 10, 23, 8).getTime() },
  ]);
  assert.equal(laterChoices(new Date(2026, 10, 22, 9).getTime()).length, 1);
  const [, monday] = laterChoices(new Date(2026, 10, 23, 9).getTime());
  assert.equal(monday?.atMs, new Date(2026, 10, 30, 8).getTime());
});

test('a chosen time is local, ahead, and within thirty days', () => {
  const now = new Date(2026, 10, 22, 9, 5).getTime();
  assert.equal(localInputText(now), '2026-11-22T09:05');
  assert.deepEqual(parseLocalInput('2026-11-24T14:30', now), { atMs: new Date(2026, 10, 24, 14, 30).getTime() });
  assert.equal(parseLocalInput('2026-11-22T09:05', now), 'past');
  assert.equal(parseLocalInput('2027-02-01T09:00', now), 'far');
  assert.equal(parseLocalInput('', now), undefined);
  assert.equal(leavesText(en, 'en', new Date(2026, 10, 23, 8).getTime(), now), 'tomorrow 08:00');
  assert.equal(leavesText(en, 'en', new Date(2026, 10, 30, 8).getTime(), now), 'Mon 30 Nov 08:00');
});

test('a link opens a page or a letter, never a script', () => {
  assert.equal(linkOf('a.test/x'), 'https://a.test/x');
  assert.equal(linkOf('mara@a.test'), 'mailto:mara@a.test');
  assert.equal(linkOf('javascript:alert(1)'), undefined);
  assert.equal(linkOf('data:text/html,x'), undefined);
  assert.equal(linkOf('two words'), undefined);
});
