// A list's mailto: opens the composer with its address and subject, and with nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMailto } from './mailto.ts';

test('address and subject are taken, a proposed body is not', () => {
  assert.deepEqual(parseMailto('mailto:leave%2Bx@list.test?subject=Please%20leave&body=secret'), {
    kind: 'new',
    to: [{ name: '', address: 'leave+x@list.test' }],
    subject: 'Please leave',
  });
});

test('line ends in a subject become spaces, and what is no address is nobody', () => {
  assert.deepEqual(parseMailto('mailto:a@b.test,%ff,c?subject=one%0D%0ABcc:%20x@y.test'), {
    kind: 'new',
    to: [{ name: '', address: 'a@b.test' }],
    subject: 'one Bcc: x@y.test',
  });
  assert.equal(parseMailto('mailto:nobody'), undefined);
  assert.equal(parseMailto('https://list.test/a@b.test'), undefined);
});
