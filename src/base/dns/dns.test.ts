// The cached DNS against a real name server on 127.0.0.1.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock, systemClock } from '../clock.ts';
import { startDnsServer } from '../../../test/fakes/dns-server.ts';
import { createDns, lookUpTexts, withBudget } from './dns.ts';

test('a question is asked once while its answer is fresh, and once for all who ask at the same time', async (t) => {
  const server = await startDnsServer({
    'a.test': { TXT: ['x'.repeat(600)], MX: [{ priority: 1, exchange: 'm.test' }] },
  });
  t.after(() => server.close());
  const clock = manualClock(0);
  const dns = createDns(clock, { servers: [server] });
  const answers = await Promise.all([
    lookUpTexts(dns, 'a.test'),
    lookUpTexts(dns, 'A.test'),
    lookUpTexts(dns, 'a.test'),
  ]);
  for (const answer of answers) assert.deepEqual(answer, { ok: true, value: ['x'.repeat(600)] });
  assert.equal(server.asked.length, 1);
  assert.ok(!(dns.lookUp('a.test', 'TXT') instanceof Promise), 'known answers come at once');
  clock.advanceMs(6 * 60_000);
  await lookUpTexts(dns, 'a.test');
  assert.equal(server.asked.length, 2);
  const mx = await dns.lookUp('a.test', 'MX');
  assert.ok(mx.ok);
  assert.partialDeepStrictEqual(mx.value, [{ priority: 1, exchange: 'm.test' }]);
});

test('no such name, no such record and no answer are three things', async (t) => {
  const server = await startDnsServer({
    'a.test': { A: ['192.0.2.1'] },
    'broken.test': 'servfail',
    'quiet.test': 'silent',
  });
  t.after(() => server.close());
  const dns = createDns(systemClock, { servers: [server], tryWaitMs: 50 });
  const kindOf = async (name: string): Promise<string> => {
    const answer = await lookUpTexts(dns, name);
    return answer.ok ? 'ok' : answer.error.kind;
  };
  assert.equal(await kindOf('none.test'), 'noSuchName');
  assert.equal(await kindOf('a.test'), 'noSuchRecord');
  assert.equal(await kindOf('broken.test'), 'noAnswer');
  assert.equal(await kindOf('quiet.test'), 'noAnswer');
  assert.equal(await kindOf('..'), 'noSuchName');
  assert.equal(await kindOf(`${'x'.repeat(70)}.test`), 'noSuchName');
});

test('a budget ends the wait, and what comes later is still remembered', async (t) => {
  const server = await startDnsServer({ 'quiet.test': 'silent' });
  t.after(() => server.close());
  const dns = createDns(systemClock, { servers: [server], tryWaitMs: 150 });
  const hurried = withBudget(systemClock, dns, 40);
  const startMs = performance.now();
  assert.deepEqual(await hurried.lookUp('quiet.test', 'TXT'), { ok: false, error: { kind: 'noAnswer' } });
  assert.deepEqual(await hurried.lookUp('quiet.test', 'A'), { ok: false, error: { kind: 'noAnswer' } });
  assert.ok(performance.now() - startMs < 120, 'one budget for all questions');
});
