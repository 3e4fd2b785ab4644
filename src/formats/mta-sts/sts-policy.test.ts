// Policies and records of MTA-STS and TLS reports: read strictly, matched by one label.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatStsPolicy, isStsHost, parseStsPolicy } from './sts-policy.ts';
import { findStsId, tlsReportTargets } from './sts-record.ts';

const POLICY =
  'version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\nmax_age: 604800\n'; // RFC 8461 §3.2

test('a policy is read with any line ends, and written so that it reads the same', () => {
  for (const text of [POLICY, POLICY.replaceAll('\n', '\r\n'), POLICY.trimEnd(), `${POLICY}extra: x\n`]) {
    const policy = parseStsPolicy(text);
    assert.ok(policy.ok);
    assert.deepEqual(policy.value, {
      mode: 'enforce',
      mx: ['mail.example.com', '*.example.net', 'backupmx.example.com'],
      maxAgeSeconds: 604_800,
    });
    assert.deepEqual(parseStsPolicy(formatStsPolicy(policy.value)), policy);
  }
});

test('what is no policy is refused', () => {
  for (const bad of [
    '',
    '<html>',
    POLICY.replace('STSv1', 'STSv2'),
    POLICY.replace('enforce', 'maybe'),
    POLICY.replace('604800', '-1'),
    POLICY.replace('604800', '12345678901'),
    POLICY.replaceAll(/mx: .*\n/g, ''),
    POLICY.replace('mail.example.com', 'mail example'),
    POLICY.replace('*.example.net', 'a.*.example.net'),
    POLICY.replace('version: STSv1\n', ''),
  ])
    assert.ok(!parseStsPolicy(bad).ok, bad);
  assert.ok(parseStsPolicy('version: STSv1\nmode: none\nmax_age: 1\n').ok);
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseStsPolicy(text);
    }),
  );
});

test('a wildcard stands for one label', () => {
  const policy = parseStsPolicy(POLICY);
  assert.ok(policy.ok);
  for (const host of ['mail.example.com', 'MAIL.example.com.', 'mx1.example.net'])
    assert.ok(isStsHost(policy.value, host), host);
  for (const host of ['example.net', 'a.b.example.net', 'xexample.net', 'mail.example.com.evil.test', 'evil.com', ''])
    assert.ok(!isStsHost(policy.value, host), host);
});

test('records are found among others, and two of a kind are none', () => {
  assert.equal(findStsId(['v=spf1 -all', 'v=STSv1; id=20160831085700Z;']), '20160831085700Z');
  for (const bad of [
    [],
    ['v=STSv1;'],
    ['v=STSv1; id=a b;'],
    ['v=STSv1; id=1', 'v=STSv1; id=2'],
    ['v=STSv10; id=1'],
    [' v=STSv1; id=1'],
  ])
    assert.equal(findStsId(bad), undefined, bad.join());
  assert.deepEqual(tlsReportTargets(['v=TLSRPTv1; rua=mailto:a@b.test,https://r.test/x, ftp://no']), [
    'mailto:a@b.test',
    'https://r.test/x',
  ]);
  assert.deepEqual(tlsReportTargets(['v=TLSRPTv1;']), []);
});
