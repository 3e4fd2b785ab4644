// Letters of real tools and mangled ones, each by its channel; what labels say changes nothing; hostile ones are bounded and never thrown at.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  letter,
  makeSealed,
  multipart,
  noTools,
  part,
  requestLetters,
  type Sealed,
} from '../../../../test/desk/request-letters.ts';
import { classifyLetter } from './classify-letter.ts';

const skip = noTools === undefined ? false : `${noTools} is not installed`;
let sealed: Sealed;

before(() => {
  if (skip === false) sealed = makeSealed();
});

/** The same each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a letter', { skip }, () => {
  it('is of the channel that its content says, whatever was done to it on the way', () => {
    const letters = requestLetters(sealed);
    assert.ok(letters.length >= 45, `${letters.length}`);
    const seen = letters.map(({ name, bytes }) => {
      const { channel, facts } = classifyLetter(bytes);
      return [name, channel, facts.map(({ kind }) => kind)];
    });
    assert.deepEqual(
      seen,
      letters.map(({ name, channel, facts }) => [name, channel, facts]),
    );
  });

  it('names the keys that it is encrypted to', () => {
    const { recipients } = classifyLetter(letter(part('text/plain', sealed.armored)));
    assert.ok(recipients.length === 1 && /^[0-9a-f]{16}$/.test(recipients[0] ?? ''));
    assert.deepEqual(classifyLetter(letter(part('text/plain', sealed.hidden))).recipients, ['0'.repeat(16)]);
    assert.deepEqual(classifyLetter(letter(part('text/plain', sealed.password))).recipients, []);
  });

  it('says where each thing was found', () => {
    const nested = multipart('multipart/mixed', [
      part('text/plain', 'Eilt.'),
      multipart('multipart/alternative', [part('text/plain', sealed.armored)]),
    ]);
    const { facts } = classifyLetter(letter(nested));
    assert.deepEqual(facts, [
      { kind: 'clearText', place: '1' },
      { kind: 'pgpEncrypted', place: '2.1' },
    ]);
  });
});

const LABELS = [
  'application/pgp-encrypted',
  'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m',
  'application/octet-stream; name="encrypted.asc"',
  'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x',
  'text/html',
  'message/rfc822',
  'image/png',
];

describe('labels', { skip }, () => {
  it('never make a clear letter an encrypted one', () => {
    const clear = requestLetters(sealed).filter(({ channel }) => channel === 'PLAIN_MAIL');
    for (const { name, bytes } of clear)
      for (const label of LABELS) {
        const text = bytes.toString('latin1').replaceAll(/^Content-Type: .*$/gm, `Content-Type: ${label}`);
        const more = text.replace('Subject: Ersuchen', 'Subject: [encrypted] -----BEGIN PGP MESSAGE-----');
        const { channel } = classifyLetter(Buffer.from(more, 'latin1'));
        assert.ok(channel === 'PLAIN_MAIL' || channel === 'MIXED', `${name} as ${label}: ${channel}`);
      }
  });

  it('twin: whoever goes by them takes clear letters for encrypted ones', () => {
    const byLabel = (bytes: Buffer): boolean =>
      /^Content-Type: (?:multipart\/encrypted|application\/pkcs7-mime)/m.test(bytes.toString('latin1'));
    const fooled = requestLetters(sealed).filter(({ channel, bytes }) => channel === 'PLAIN_MAIL' && byLabel(bytes));
    assert.ok(fooled.length >= 3, `${fooled.length}`);
  });
});

describe('hostile letters', { skip }, () => {
  it('altered anywhere are still of some channel; a clear one does not become encrypted by chance', () => {
    const random = randomOf(7);
    for (const { name, bytes, channel } of requestLetters(sealed))
      for (let round = 0; round < 100; round++) {
        const altered = Buffer.from(bytes);
        for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--)
          altered[Math.floor(random() * altered.length)] = Math.floor(random() * 256);
        const cut = random() < 0.2 ? altered.subarray(0, Math.floor(random() * altered.length)) : altered;
        const now = classifyLetter(cut).channel;
        if (channel === 'PLAIN_MAIL') assert.ok(now === 'PLAIN_MAIL' || now === 'MIXED', `${name}: ${now}`);
      }
  });

  it('of any bytes at all do not throw', () => {
    const random = randomOf(11);
    for (let round = 0; round < 500; round++) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 3_000) }, () => Math.floor(random() * 256)));
      assert.ok(['PLAIN_MAIL', 'MIXED'].includes(classifyLetter(bytes).channel));
    }
  });

  it('with more parts than are looked at, or nested too deep, go to a person', () => {
    const many = multipart(
      'multipart/mixed',
      Array.from({ length: 3_000 }, () => part('text/plain', sealed.armored)),
    );
    const seen = classifyLetter(letter(many));
    assert.equal(seen.channel, 'MIXED');
    assert.ok(seen.facts.some(({ kind }) => kind === 'unreadable'));
    let deep = part('text/plain', sealed.armored);
    for (let depth = 0; depth < 60; depth++) deep = multipart('multipart/mixed', [deep]);
    assert.equal(classifyLetter(letter(deep)).channel, 'MIXED');
  });

  it('of fifty megabytes, of one line, of nothing but armor’s beginnings take their time once', (t) => {
    const mib = 1024 * 1024;
    const letters = {
      plain: Buffer.concat([letter(part('text/plain', '')), Buffer.alloc(50 * mib, 'Bitte um Auskunft.\r\n')]),
      line: Buffer.concat([letter(part('text/plain', '')), Buffer.alloc(20 * mib, 'x')]),
      header: Buffer.concat([Buffer.from('X: '), Buffer.alloc(20 * mib, 'y')]),
      armor: letter(part('text/plain', '-----BEGIN PGP MESSAGE-----\r\n\r\n'.repeat(20_000))),
      boundaries: letter(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(200_000)}`),
      tags: letter(part('text/html', '<'.repeat(5 * mib))),
      styles: letter(part('text/html', '<style>'.repeat(mib))),
      comments: letter(part('text/html', '<!-- >'.repeat(mib))),
      quotes: letter(part('text/plain', '>'.repeat(5 * mib))),
      sequences: letter(part('application/pkcs7-mime', Buffer.alloc(mib, Buffer.from([0x30, 0x80])))),
    };
    for (const [name, bytes] of Object.entries(letters)) {
      const from = performance.now();
      const { channel } = classifyLetter(bytes);
      t.diagnostic(
        `${name}: ${Math.round(performance.now() - from)} ms for ${Math.round(bytes.length / mib)} MiB, ${channel}`,
      );
      assert.ok(channel === 'PLAIN_MAIL' || channel === 'MIXED', name);
      assert.ok(performance.now() - from < 60_000, `${name} is bounded`);
    }
  });
});
