// Who may ask about the house's safety, what is refused before a safeguard hears of it, and that a refusal comes back as it was said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import type { Safety } from '#formats/auth-wire/safety-answers.ts';
import type { Role } from '#vault/journal/commands.ts';
import { createSafetyRoutes, type SafetyNeighbours } from './safety-routes.ts';

const safety: Safety = {
  nowMs: 1,
  backup: { isNamed: false, newest: null, isDue: true, trouble: null, taken: [] },
  ledger: { last: null, isRunning: false },
  drill: null,
  changes: null,
  incidents: [],
};
const sentence = 'The signature does not hold. Nothing was changed. See: siegel change approve 14';
const look = { atMs: 1, isEqual: true, letters: 1, accounts: 1, missing: 0, differing: 0, seconds: 1 };

function open(role: Role | undefined): { ask(path: string, body?: unknown): Promise<Response>; heard: string[] } {
  const heard: string[] = [];
  const accountId = newId<AccountId>();
  const neighbours: SafetyNeighbours = {
    authenticate: async () => (role === undefined ? undefined : { role, accountId }),
    async safety(asking) {
      heard.push(`safety ${asking === accountId}`);
      return safety;
    },
    async checkLedger() {
      heard.push('ledger');
      return ok(look);
    },
    async approve(change, signature) {
      heard.push(`approve ${change} ${signature}`);
      return err({ kind: 'forged', sentence });
    },
  };
  const app = createSafetyRoutes(neighbours);
  return {
    heard,
    ask: async (path, body) =>
      await app.request(path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  };
}

test('whoever is not signed in is asked to, and every role but the operator’s is refused, whatever is asked', async () => {
  const roles: readonly (Role | undefined)[] = [undefined, 'member', 'second', 'clerk', 'officer', 'lawyer'];
  for (const role of roles) {
    const { ask, heard } = open(role);
    const asked = [
      await ask('/safety'),
      await ask('/safety/ledger/check', {}),
      await ask('/safety/changes/14/signature', { signature: 'x' }),
    ];
    assert.deepEqual(
      asked.map(({ status }) => status),
      Array.from({ length: 3 }, () => (role === undefined ? 401 : 403)),
    );
    assert.deepEqual(heard, []);
  }
});

test('an operator is answered, nothing of it is kept by a browser, and a refusal has its own sentence', async () => {
  const { ask, heard } = open('operator');
  const answer = await ask('/safety');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.deepEqual(await answer.json(), safety);
  assert.deepEqual(await (await ask('/safety/ledger/check', {})).json(), look);
  const refused = await ask('/safety/changes/14/signature', { signature: 'x' });
  assert.equal(refused.status, 409);
  assert.deepEqual(await refused.json(), { kind: 'forged', sentence });
  assert.deepEqual(heard, ['safety true', 'ledger', 'approve 14 x']);
});

test('what is no number, no signature or too long never reaches the change', async () => {
  const { ask, heard } = open('operator');
  const long = 'x'.repeat(limits.incident.signatureCharacters + 1);
  for (const [path, body] of [
    ['/safety/changes/0/signature', { signature: 'x' }],
    ['/safety/changes/-1/signature', { signature: 'x' }],
    ['/safety/changes/1e3/signature', { signature: 'x' }],
    ['/safety/changes/14/signature', { signature: 7 }],
    ['/safety/changes/14/signature', {}],
    ['/safety/changes/14/signature', { signature: long }],
    ['/safety/changes/14/signature', { signature: 'x', more: 1 }],
  ] as const)
    assert.equal((await ask(path, body)).status, 400, path);
  assert.deepEqual(heard, []);
});
