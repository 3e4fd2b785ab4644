// What mail programs are told: the doors there are, and none that is not there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAutoconfig, type AutoconfigNeighbours } from './autoconfig.ts';

const house: AutoconfigNeighbours = {
  isOwnDomain: (domain) => ['example.org', 'second.test'].includes(domain),
  domain: 'example.org',
  mxHost: 'mail.example.org',
  startTlsPort: 587,
  tlsPort: 465,
};

async function ask(path: string, host: string, of = house): Promise<Response> {
  return createAutoconfig(of).request(path, { headers: { host } });
}

test('the doors for letters out are named, TLS from the first byte first, and no door for reading', async () => {
  for (const path of [
    '/mail/config-v1.1.xml?emailaddress=a@example.org',
    '/.well-known/autoconfig/mail/config-v1.1.xml',
  ]) {
    const answer = await ask(path, 'autoconfig.example.org');
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/xml/);
    const text = await answer.text();
    assert.deepEqual(
      [...text.matchAll(/<port>(\d+)<.*\n.*<socketType>(\w+)</g)].map(([, port, type]) => [port, type]),
      [
        ['465', 'SSL'],
        ['587', 'STARTTLS'],
      ],
    );
    assert.match(text, /<hostname>mail\.example\.org</);
    assert.ok(!text.includes('incomingServer') && !text.includes('a@'));
  }
});

test('each domain of the house hears its own name, a stranger’s that of the house', async () => {
  const named = async (host: string): Promise<string | undefined> =>
    /emailProvider id="([^"]+)"/.exec(await (await ask('/mail/config-v1.1.xml', host)).text())?.[1];
  assert.equal(await named('autoconfig.second.test:443'), 'second.test');
  assert.equal(await named('evil"><x.test'), 'example.org');
});

test('without a door for mail programs there is nothing to say', async () => {
  const closed = { ...house, startTlsPort: undefined, tlsPort: undefined };
  assert.equal((await ask('/mail/config-v1.1.xml', 'autoconfig.example.org', closed)).status, 404);
});
