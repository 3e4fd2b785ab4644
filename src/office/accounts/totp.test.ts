// Codes against the vectors of RFC 6238, their tolerance, and that each opens once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTotpStep, totpCode, totpStep } from './totp.ts';

const secret = new TextEncoder().encode('12345678901234567890');

test('codes are those of RFC 6238 appendix B, last six digits', () => {
  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ] as const) {
    assert.equal(totpCode(secret, totpStep(seconds * 1000)), code);
  }
});

test('a code is good one step early and late, not two', () => {
  const nowMs = 1_700_000_000_000;
  const now = totpStep(nowMs);
  for (const [away, isGood] of [
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ] as const) {
    assert.equal(findTotpStep(secret, totpCode(secret, now + away), nowMs, 0) !== undefined, isGood);
  }
});

test('each step opens once: a code at or before the last used step is refused', () => {
  const nowMs = 1_700_000_000_000;
  const step = findTotpStep(secret, totpCode(secret, totpStep(nowMs)), nowMs, 0);
  assert.equal(step, totpStep(nowMs));
  assert.equal(findTotpStep(secret, totpCode(secret, totpStep(nowMs)), nowMs, step ?? 0), undefined);
  assert.equal(findTotpStep(secret, totpCode(secret, totpStep(nowMs) - 1), nowMs, step ?? 0), undefined);
});
