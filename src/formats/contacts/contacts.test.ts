// Address books come in as their programs wrote them, and go out so that they come in again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tidyCard, type Card } from './card.ts';
import { readCards } from './read-cards.ts';
import { writeVcards } from './vcard.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
function read(input: string | Uint8Array<ArrayBuffer>) {
  const cards = readCards(typeof input === 'string' ? bytes(input) : input);
  if (!cards.ok) throw new Error(cards.error.kind);
  return cards.value;
}

test('a vCard of version 3 gives name, addresses in order of preference, numbers and firm', () => {
  const { cards } = read(
    'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Brandt;Jonas;;Dr.;\r\nFN:Dr. Jonas Brandt\r\nitem1.EMAIL;TYPE=INTERNET:jonas@home.test\r\n' +
      'EMAIL;TYPE=INTERNET,pref:jonas@\r\n kanzlei.test\r\nTEL;TYPE=CELL:+49 555 1\r\nORG:Brandt\\, Partner;Recht\r\nNOTE:one\\ntwo\r\nEND:VCARD\r\n',
  );
  assert.deepEqual(cards, [
    {
      name: 'Dr. Jonas Brandt',
      addresses: ['jonas@kanzlei.test', 'jonas@home.test'],
      phones: ['+49 555 1'],
      organisation: 'Brandt, Partner, Recht',
      note: 'one\ntwo',
      certificates: [],
    },
  ]);
});

test('a vCard of version 4 may give its number as a link and its name in parts', () => {
  const { cards } = read(
    'BEGIN:VCARD\nVERSION:4.0\nN:Öztürk;Ayşe;;;\nEMAIL;PREF=2:b@x.test\nEMAIL;PREF="1":a@x.test\nTEL;VALUE=uri:tel:+90-1\nEND:VCARD',
  );
  assert.equal(cards[0]?.name, 'Ayşe Öztürk');
  assert.deepEqual(cards[0]?.addresses, ['a@x.test', 'b@x.test']);
  assert.deepEqual(cards[0]?.phones, ['+90-1']);
});

test('tables with English and German headings are understood, with marks, quotes and several values in a cell', () => {
  const english =
    '\ufeffFirst Name,Last Name,Organization Name,Notes,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\r\n' +
    'Jonas,Brandt,"Brandt, Partner","a ""b""\r\nc",* Work,j@x.test ::: k@x.test,Mobile,+49 1\r\n,,,,,,,\r\n';
  assert.deepEqual(read(english).cards, [
    {
      name: 'Jonas Brandt',
      addresses: ['j@x.test', 'k@x.test'],
      phones: ['+49 1'],
      organisation: 'Brandt, Partner',
      note: 'a "b"\nc',
      certificates: [],
    },
  ]);
  const german =
    'Vorname;Nachname;Firma;E-Mail-Adresse;E-Mail-Typ;E-Mail 2: Adresse;Mobiltelefon;Fax geschäftlich;Notizen\nÜlkü;Groß;;u@x.test;SMTP;v@x.test;0555;0666;\n';
  const expected = [
    {
      name: 'Ülkü Groß',
      addresses: ['u@x.test', 'v@x.test'],
      phones: ['0555'],
      organisation: '',
      note: '',
      certificates: [],
    },
  ];
  assert.deepEqual(read(german).cards, expected);
  const old = Uint8Array.from(german, (character) => character.charCodeAt(0));
  assert.deepEqual(read(old).cards, expected);
  const wide = new Uint8Array([
    0xff,
    0xfe,
    ...new Uint8Array(new Uint16Array(Array.from(german, (c) => c.charCodeAt(0))).buffer),
  ]);
  assert.deepEqual(read(wide).cards, expected);
});

test('what holds no address and no number is named and left out', () => {
  const { cards, skipped } = read('Name,E-mail\nJonas,nonsense\n,\n,also nonsense\nAnna,a@x.test\n');
  assert.equal(cards.length, 1);
  assert.deepEqual(skipped, ['Jonas', '#2']);
});

test('a file that is no address book is refused', () => {
  for (const text of ['', 'hello', 'a,b,c\n1,2,3', '{"name":1}']) assert.equal(readCards(bytes(text)).ok, false);
});

test('any card that goes out comes in again, and any bytes at all are survived', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('aB ß€漢😀;,:\\"\n\'.')), maxLength: 60 });
  const card = fc.record({
    name: text,
    addresses: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.test$/), { minLength: 1, maxLength: 4 }),
    phones: fc.uniqueArray(fc.stringMatching(/^\+[0-9]{3,12}$/), { maxLength: 3 }),
    organisation: text,
    note: text,
    certificates: fc.array(
      fc.uint8Array({ minLength: 1, maxLength: 90 }).map((one) => Uint8Array.from(one)),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(fc.array(card, { minLength: 1, maxLength: 4 }), (given) => {
      const cards = given.map((one) => tidyCard(one)).filter((one): one is Card => one !== undefined);
      const file = writeVcards(cards);
      assert.ok(file.split('\r\n').every((line) => new TextEncoder().encode(line).length <= 75));
      assert.deepEqual(read(file).cards, cards);
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (junk) => void readCards(bytes(`BEGIN:VCARD\n${junk}\nEND:VCARD`))),
  );
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (junk) => void readCards(bytes(`Name;E-Mail\n${junk}`))));
});
