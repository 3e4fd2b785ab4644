// What the operator hears about requests to the outside.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { readConfig, type Config } from '#base/config/read.ts';
import { silentLog } from '#base/log/log.ts';
import { openOutgoing, openRspamd, outgoingWarnings } from './open-outgoing.ts';

function config(environment: Readonly<Record<string, string>>): Config {
  const read = readConfig({ environment, surroundings: { isRoot: false, programDir: '/nowhere' } });
  assert.ok(read.ok);
  return read.value;
}

test('private networks are closed, and when a test opens them every start says so', async () => {
  const closed = openOutgoing(config({}), systemClock);
  const refused = await closed.request('rspamd', { url: 'http://192.168.0.1/', method: 'GET' });
  assert.ok(!refused.ok && refused.error.kind === 'notLocal');
  assert.deepEqual(outgoingWarnings(config({})), []);
  assert.match(
    outgoingWarnings(config({ SIEGEL_OUTBOUND_PRIVATE: '1' })).join('\n'),
    /OUTBOUND_PRIVATE is on.*take it away/,
  );
});

test('nobody is asked about junk unless the operator names an rspamd', () => {
  const open = (settings: Config): unknown =>
    openRspamd(settings, systemClock, silentLog, openOutgoing(settings, systemClock));
  assert.equal(open(config({})), undefined);
  assert.notEqual(open(config({ SIEGEL_RSPAMD: 'http://127.0.0.1:11333' })), undefined);
});
