// What the form asks for, how it reads for a clerk, and that nothing unsealed or sealed to other keys is ever sent.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as openpgp from 'openpgp';
import { parseCaseFile } from '#formats/desk/case-file.ts';
import { groupedFingerprint } from '../parts/fingerprint.ts';
import { emptyForm, faultOf, formText, readDesk, sendForm, type Form } from './send-form.ts';

const form: Form = {
  authority: 'Staatsanwaltschaft Musterstadt\nPostfach 1',
  reference: '4711 Js 12/26',
  contact: 'sta@justiz.test',
  text: 'Bestandsdaten zu canary-0815@house.test\r\nfür März',
  files: [{ name: 'Beschluss.pdf', bytes: Uint8Array.of(37, 80, 68, 70) }],
};

test('it asks for what is missing, one thing after the other', () => {
  const faults = [
    emptyForm,
    { ...emptyForm, authority: 'A' },
    { ...emptyForm, authority: 'A', contact: 'B' },
    { ...form, text: 'x'.repeat(20_001) },
    { ...form, files: Array.from({ length: 21 }, () => ({ name: 'a', bytes: new Uint8Array() })) },
    { ...emptyForm, authority: 'A', contact: 'B', text: 'C' },
  ].map((one) => faultOf(one));
  assert.deepEqual(faults, ['authority', 'contact', 'nothing', 'tooLong', 'tooManyFiles', undefined]);
});

test('a clerk reads one line for each field, then the request', () => {
  assert.equal(
    formText(form),
    'Authority / Behörde: Staatsanwaltschaft Musterstadt Postfach 1\nFile reference / Aktenzeichen: 4711 Js 12/26\nAnswer to / Antwort an: sta@justiz.test\n\nBestandsdaten zu canary-0815@house.test\nfür März\n',
  );
  assert.equal(groupedFingerprint('0123456789abcdef'), '0123 4567 89AB CDEF');
});

async function house() {
  const { privateKey, publicKey } = await openpgp.generateKey({ userIDs: [{ name: 'Leyla' }], format: 'object' });
  const member = { role: 'LAWYER' as const, fingerprint: publicKey.getFingerprint(), certificate: publicKey.armor() };
  return { privateKey, desk: { house: 'house.test', roster: [member] } };
}

test('what is sent is sealed to the desk, whole, and nothing else is sent', async () => {
  const { privateKey, desk } = await house();
  const sent: Uint8Array[] = [];
  const reach: typeof fetch = async (_, init) => {
    sent.push(new Uint8Array(await new Response(init?.body).arrayBuffer()));
    return new Response('{"arrival":"arrival-k7x2m5q4tz3d"}', { status: 201 });
  };
  assert.deepEqual(await sendForm(form, desk, reach), { ok: true, value: { arrival: 'arrival-k7x2m5q4tz3d' } });
  const [sealed] = sent;
  assert.ok(sealed && sent.length === 1);
  assert.ok(!Buffer.from(sealed).includes('canary-0815'));
  const message = await openpgp.readMessage({ binaryMessage: sealed });
  const { data } = await openpgp.decrypt({ message, decryptionKeys: privateKey, format: 'binary' });
  const opened = parseCaseFile(Uint8Array.from(data));
  assert.ok(opened.ok);
  const texts = opened.value.documents.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]);
  assert.deepEqual(texts, [
    ['form.txt', formText(form)],
    ['Beschluss.pdf', '%PDF'],
  ]);
});

test('each trouble has its name; a key that is not the one shown gets nothing', async () => {
  const { desk } = await house();
  const other = await house();
  let asked = 0;
  const answering =
    (status: number, text = ''): typeof fetch =>
    async () => {
      asked++;
      return new Response(text, { status });
    };
  const troubles = [];
  const kinds = [413, 429, 400, 503, 201];
  for (const status of kinds) troubles.push(await sendForm(form, desk, answering(status)));
  assert.deepEqual(
    troubles.map((one) => !one.ok && one.error.kind),
    ['tooLarge', 'tooOften', 'otherKeys', 'later', 'later'],
  );
  const before = asked;
  const certificate = other.desk.roster[0]?.certificate ?? '';
  const swapped = { ...desk, roster: desk.roster.map((one) => ({ ...one, certificate })) };
  assert.deepEqual(await sendForm(form, swapped, answering(201)), { ok: false, error: { kind: 'otherKeys' } });
  // what cannot be made smaller
  const large = { ...form, files: [{ name: 'a.bin', bytes: Uint8Array.from(randomBytes(5_500_000)) }] };
  assert.deepEqual(await sendForm(large, desk, answering(201)), { ok: false, error: { kind: 'tooLarge' } });
  assert.equal(asked, before);
  const gone: typeof fetch = () => Promise.reject(new TypeError('gone'));
  assert.deepEqual(await sendForm(form, desk, gone), { ok: false, error: { kind: 'noConnection' } });
  assert.equal(await readDesk(gone), undefined);
});
