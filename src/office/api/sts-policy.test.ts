// The rule of MTA-STS as other servers fetch it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStsPolicy, type StsPolicy } from '#formats/mta-sts/sts-policy.ts';
import { createStsRoute } from './sts-policy.ts';

const policy: StsPolicy = { mode: 'enforce', mx: ['mail.example.org'], maxAgeSeconds: 604_800 };

async function ask(host: string, own: StsPolicy | undefined = policy): Promise<Response> {
  const routes = createStsRoute({ isOwnDomain: (domain) => domain === 'example.org', policy: () => own });
  return routes.request('/.well-known/mta-sts.txt', { headers: { host } });
}

test('the rule is served at the name of a domain of the house, as plain text that reads as it was meant', async () => {
  for (const host of ['mta-sts.example.org', 'MTA-STS.example.org:443']) {
    const answer = await ask(host);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/plain');
    const read = parseStsPolicy(await answer.text());
    assert.deepEqual(read.ok && read.value, policy);
  }
});

test('nobody else’s domain, no other name, and no rule without a certificate', async () => {
  for (const host of ['mta-sts.other.test', 'example.org', 'mail.example.org', 'mta-sts.', ''])
    assert.equal((await ask(host)).status, 404, host);
  const without = createStsRoute({ isOwnDomain: () => true, policy: () => undefined });
  const answer = await without.request('/.well-known/mta-sts.txt', { headers: { host: 'mta-sts.example.org' } });
  assert.equal(answer.status, 404);
});
