// How long an answer takes does not tell an address somebody has from one nobody has; without the slots the same test tells them apart.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { client as opaque, ready } from '@serenity-kit/opaque';
import { systemClock } from '#base/clock.ts';
import { newId, type AppPasswordId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { ok } from '#base/result.ts';
import { inSlots } from '#office/accounts/time-slots.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import { openAccountHouse, signUp, startTestCluster, type AccountHouse, type HouseSettings } from './account-house.ts';

const LONG = process.env['SIEGEL_LONG'] === '1';
const PACED_PAIRS = LONG ? 1_500 : 120;
/** Two hundred rules at the door are read with the account: what known addresses cost more, and the slots must hide. */
const RULES_BYTES = 64 * 1024;
/** On a busy machine the twins need more pairs; they end as soon as they have seen enough. */
const UNPACED_PAIRS_MAX = 4_000;
const WORK_PAIRS = 150;
const WORK_PAIRS_MAX = 1_500;
/** |z| > 4.5 happens by chance once in 150,000 runs. */
const STANDARD_SCORE_MAX = 4.5;

let cluster: TestCluster;

before(async () => {
  await ready;
  cluster = await startTestCluster();
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
});

interface Times {
  readonly known: number[];
  readonly unknown: number[];
}

test('how long an answer takes does not tell known addresses from unknown ones', async (t) => {
  await using house = await openWithAnna({});
  const { known, unknown } = await measure(house, PACED_PAIRS, never);
  t.diagnostic(describe({ known, unknown }));
  assert.equal(known.length, PACED_PAIRS);
  assert.ok(Math.abs(rankDifference(known, unknown)) < STANDARD_SCORE_MAX, describe({ known, unknown }));
});

test('twin: answered as soon as they are made, known addresses are told from unknown ones by the same test', async (t) => {
  await using house = await openWithAnna({ isUnpaced: true });
  const times = await measure(house, UNPACED_PAIRS_MAX, isPlain);
  t.diagnostic(describe(times));
  assert.ok(rankDifference(times.known, times.unknown) > STANDARD_SCORE_MAX, describe(times));
});

test('how long the answer to a mail program takes does not tell them either', async (t) => {
  await using house = await openWithAnna({});
  const times = await measure(house, PACED_PAIRS, never, mailProgram);
  t.diagnostic(describe(times));
  assert.ok(Math.abs(rankDifference(times.known, times.unknown)) < STANDARD_SCORE_MAX, describe(times));
});

test('twin: answered as soon as they are made, the names of mail programs are told apart by the same test', async (t) => {
  await using house = await openWithAnna({ isUnpaced: true });
  const times = await measure(house, UNPACED_PAIRS_MAX, isPlain, mailProgram);
  t.diagnostic(describe(times));
  assert.ok(rankDifference(times.known, times.unknown) > STANDARD_SCORE_MAX, describe(times));
});

test('a third of a millisecond of work does not show in the answer, nor does an answer leave early', async (t) => {
  const paced = await measureWork((work) => inSlots(systemClock, 10, work), WORK_PAIRS, never);
  t.diagnostic(describe(paced));
  assert.ok(Math.abs(rankDifference(paced.known, paced.unknown)) < STANDARD_SCORE_MAX, describe(paced));
  assert.ok([...paced.known, ...paced.unknown].every((tookMs) => tookMs >= 10));
});

test('twin: a timer alone, which counts whole milliseconds, lets it through', async (t) => {
  const byTimer = async (work: () => Promise<void>): Promise<void> => {
    const startMs = performance.now();
    await work();
    await wait(10 - (performance.now() - startMs));
  };
  const timed = await measureWork(byTimer, WORK_PAIRS_MAX, isPlain);
  t.diagnostic(describe(timed));
  assert.ok(rankDifference(timed.known, timed.unknown) > STANDARD_SCORE_MAX, describe(timed));
});

async function openWithAnna(settings: HouseSettings): Promise<AccountHouse> {
  const house = await openAccountHouse(cluster, settings);
  const { signedIn } = await signUp(house, 'anna');
  const sealed = randomBytes(RULES_BYTES).toString('base64url');
  const actor = { kind: 'system', id: new Uint8Array(16) } as const;
  const put = await house.vault.door.commit(signedIn.session.accountId, actor, async () =>
    ok({ kind: 'rulesPut', effect: { sealed } }),
  );
  assert.ok(put.ok);
  // as many as there may be: what a known name costs more at the door for mail programs
  const hash = randomBytes(32).toString('base64url');
  for (let count = 0; count < limits.account.appPasswordsMax; count++) {
    const effect = { id: newId<AppPasswordId>(), hash, sealedName: 'AAAA', createdMs: count };
    const made = await house.vault.door.commit(signedIn.session.accountId, actor, async () =>
      ok({ kind: 'appPasswordPut', effect }),
    );
    assert.ok(made.ok);
  }
  return house;
}

type Enough = (times: Times) => boolean;
const never: Enough = () => false;

/** Looked at every fifty pairs; a little more than what is asked for in the end. */
const isPlain: Enough = ({ known, unknown }) =>
  known.length > 0 && known.length % 50 === 0 && rankDifference(known, unknown) > STANDARD_SCORE_MAX + 1;

/** How long one try takes. */
type Try = (address: string) => Promise<number>;

function password(house: AccountHouse): Try {
  const client = house.client();
  return async (address) => {
    const { startLoginRequest } = opaque.startLogin({ password: 'guess' });
    const beganMs = performance.now();
    const answer = await client.post('/auth/login/start', { address, startLoginRequest });
    const tookMs = performance.now() - beganMs;
    assert.equal(answer.status, 200);
    return tookMs;
  };
}

/** What AUTH asks; the wait behind a wrong one is the same for both (app-passwords.test.ts). */
function mailProgram({ accounts }: AccountHouse): Try {
  return async (address) => {
    const beganMs = performance.now();
    const answer = await accounts.appSignIn.check(address, 'z'.repeat(24));
    const tookMs = performance.now() - beganMs;
    assert.equal(answer.ok, false);
    return tookMs;
  };
}

/** Tries with an address that exists and one that does not, in turn; ends before `pairs` when enough is seen. */
async function measure(house: AccountHouse, pairs: number, isEnough: Enough, by = password): Promise<Times> {
  const times: Times = { known: [], unknown: [] };
  const start = by(house);
  for (let round = 0; round < 20; round++) await start(`early${round}`); // the first ones warm the program up
  for (let round = 0; round < pairs && !isEnough(times); round++) {
    house.clock.advanceMs(600_000); // no delays by account: only time is looked at
    for (const which of inTurn(round)) {
      times[which].push(await start(which === 'known' ? 'anna' : `nobody${round}`));
    }
  }
  return times;
}

/** Work of 2.5 ms ("known") and of 2.2 ms, begun at any part of a millisecond. */
async function measureWork(
  pace: (work: () => Promise<void>) => Promise<void>,
  pairs: number,
  isEnough: Enough,
): Promise<Times> {
  const times: Times = { known: [], unknown: [] };
  for (let round = 0; round < pairs && !isEnough(times); round++) {
    for (const which of inTurn(round)) {
      await wait(1);
      spin(Math.random());
      const beganMs = performance.now();
      await pace(async () => {
        await nextTurn();
        spin(which === 'known' ? 2.5 : 2.2);
      });
      times[which].push(performance.now() - beganMs);
    }
  }
  return times;
}

function inTurn(round: number): readonly (keyof Times)[] {
  return round % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known'];
}

function spin(forMs: number): void {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
}

function describe({ known, unknown }: Times): string {
  const [one, other] = [median(known).toFixed(3), median(unknown).toFixed(3)];
  return `z = ${rankDifference(known, unknown).toFixed(2)}, medians ${one} and ${other} ms, ${known.length} pairs`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Mann–Whitney U as a standard score; above zero when `a` took longer. */
function rankDifference(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, mine: true })), ...b.map((value) => ({ value, mine: false }))];
  all.sort((x, y) => x.value - y.value);
  const ranks = all.reduce((sum, { mine }, index) => sum + (mine ? index + 1 : 0), 0);
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  return (u - mean) / Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
}
