// The state of domains is the operator's alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import type { Role } from '#vault/journal/commands.ts';
import { createDomainRoutes } from './domain-report.ts';

function house(role: Role | undefined) {
  const asked: string[] = [];
  const clock = manualClock(0);
  const routes = createDomainRoutes({
    clock,
    authenticate: async () => (role === undefined ? undefined : { role }),
    domains: async () => ['example.org', 'second.test'],
    report: async (domain) => {
      asked.push(domain);
      return { domain, mxHost: 'mail.example.org', isGreen: true, findings: [] };
    },
  });
  return { asked, clock, ask: async (path: string) => routes.request(path) };
}

test('the operator sees the domains and how one of them looks', async () => {
  const { ask, asked } = house('operator');
  assert.deepEqual(await (await ask('/api/domains/')).json(), { domains: ['example.org', 'second.test'] });
  const answer = await ask('/api/domains/second.test');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.deepEqual(await answer.json(), {
    domain: 'second.test',
    mxHost: 'mail.example.org',
    isGreen: true,
    findings: [],
  });
  assert.deepEqual(asked, ['second.test']);
});

test('nobody else does: not without a session, not as a member, officer or second', async () => {
  for (const [role, status] of [
    [undefined, 401],
    ['member', 403],
    ['officer', 403],
    ['second', 403],
  ] as const) {
    const { ask, asked } = house(role);
    for (const path of ['/api/domains/', '/api/domains/example.org'])
      assert.equal((await ask(path)).status, status, `${role} ${path}`);
    assert.deepEqual(asked, []);
  }
});

test('a domain that is not of the house is not looked at, and impatience asks the name servers once', async () => {
  const { ask, asked, clock } = house('operator');
  assert.equal((await ask('/api/domains/other.test')).status, 404);
  await Promise.all([ask('/api/domains/example.org'), ask('/api/domains/example.org')]);
  assert.equal(asked.length, 1);
  clock.advanceMs(60_000);
  await ask('/api/domains/example.org');
  assert.equal(asked.length, 2);
});
