// Health and numbers: words and counts for programs, behind a token, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealthRoutes, formatMetrics, type HealthReason, type Metric } from './health.ts';

const metrics: readonly Metric[] = [
  { name: 'a_total', help: 'A.', type: 'counter', value: 3 },
  { name: 'b', help: 'B.', type: 'gauge', value: { label: 'purpose', values: new Map([['wkd', 2]]) } },
];
const TOKEN = 'a-token-of-sixteen';

function routes(reasons: readonly HealthReason[], token: string | undefined) {
  return createHealthRoutes({ reasons: () => reasons, metrics: () => metrics, token });
}

test('a house that can serve says so, one that cannot says why in words', async () => {
  const good = await routes([], undefined).request('/healthz');
  assert.equal(good.status, 200);
  assert.deepEqual(await good.json(), { ready: true, reasons: [] });
  const bad = await routes(['database', 'disk-full'], undefined).request('/healthz');
  assert.equal(bad.status, 503);
  assert.deepEqual(await bad.json(), { ready: false, reasons: ['database', 'disk-full'] });
});

test('numbers are given to the token only, and are not there where no token is set', async () => {
  const ask = async (token: string | undefined, given?: string) =>
    routes([], token).request('/metrics', { headers: given === undefined ? {} : { authorization: given } });
  assert.equal((await ask(undefined)).status, 404);
  assert.equal((await ask(undefined, 'Bearer undefined')).status, 404);
  assert.equal((await ask(TOKEN)).status, 401);
  assert.equal((await ask(TOKEN, `Bearer ${TOKEN}x`)).status, 401);
  assert.equal((await ask(TOKEN, `Basic ${TOKEN}`)).status, 401);
  const answer = await ask(TOKEN, `Bearer ${TOKEN}`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  assert.equal(await answer.text(), formatMetrics(metrics));
});

test('numbers are written as Prometheus reads them', () => {
  assert.equal(
    formatMetrics(metrics),
    '# HELP siegel_a_total A.\n# TYPE siegel_a_total counter\nsiegel_a_total 3\n\n' +
      '# HELP siegel_b B.\n# TYPE siegel_b gauge\nsiegel_b{purpose="wkd"} 2\n',
  );
});
