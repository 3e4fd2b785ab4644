// One-click unsubscribing counts only where the sender's signature covers it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLetter } from '#formats/message/letter-view.ts';
import { isUnsubscribeSigned } from './unsubscribe-signed.ts';

const letter = (...more: readonly string[]) =>
  readLetter(Buffer.from(['From: a@list.test', ...more, '', 'text', ''].join('\r\n')));
const LINK = 'List-Unsubscribe: <https://list.test/u>';
const POST = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click';
const both = ['from', 'list-unsubscribe', 'list-unsubscribe-post'];

test('a signature that passed and covers both fields stands for them', () => {
  assert.equal(isUnsubscribeSigned(letter(LINK, POST), [{ status: 'pass', signedFields: both }]), true);
});

test('a signature that failed, or covers one of them, does not', () => {
  const view = letter(LINK, POST);
  assert.equal(isUnsubscribeSigned(view, []), false);
  assert.equal(isUnsubscribeSigned(view, [{ status: 'fail', signedFields: both }]), false);
  assert.equal(isUnsubscribeSigned(view, [{ status: 'policy', signedFields: both }]), false);
  assert.equal(
    isUnsubscribeSigned(view, [
      { status: 'pass', signedFields: ['from', 'list-unsubscribe'] },
      { status: 'pass', signedFields: ['from', 'list-unsubscribe-post'] },
    ]),
    false,
    'not half by one and half by another',
  );
});

test('a second field that somebody put in front takes it away', () => {
  const signed = [{ status: 'pass', signedFields: both }] as const;
  assert.equal(isUnsubscribeSigned(letter('List-Unsubscribe: <https://evil.test/>', LINK, POST), signed), false);
  assert.equal(isUnsubscribeSigned(letter(LINK), signed), false);
});
