// Killed while letters leave: none is lost, and one is doubled only if a kill cut its peer's 250 off from our note of it.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { countWaiting, letterText, openDeliveryHouse, zoneOf, type DeliveryHouse } from '../delivery-house.ts';
import { startHostilePeer, type HostilePeer, type PeerConduct } from '../fakes/hostile-peer.ts';
import { testCertificate } from '../../src/post/wire/dialogues/test-certificate.ts';
import { signUp } from '../signed-in.ts';

const isLong = process.env['SIEGEL_LONG'] !== undefined;
const LETTERS = isLong ? 1_000 : 100;
const KILLS = isLong ? 50 : 5;
/** A doubled letter's first 250 came at most this long before a kill: one sync of the disk on a busy machine … */
const WINDOW_MS = 250;
/** … or this long after it: the peer had the whole letter, was slow to say so, and nobody was there to hear it. */
const UNHEARD_MS = 250;
const IN_HAND = 8;
const DRAIN_MS = 120_000;

interface Sent {
  readonly acknowledged: Set<string>;
  /** Handed in when the program was killed: taken or not, at most once. */
  readonly unknown: Set<string>;
}

interface Outcome {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** Doubled although no kill was near its 250. */
  readonly doubledOutside: number;
  /** The furthest from its kill that a 250 came which was doubled, before and after. */
  readonly longestBeforeMs: number;
  readonly longestAfterMs: number;
}

/** Each domain's peer is bad in its own way. */
function conducts(certificate: NonNullable<PeerConduct['certificate']>): Readonly<Record<string, PeerConduct>> {
  const every =
    (nth: number, answer: string) =>
    (_: string, count: number): string | undefined =>
      count % nth === 0 ? answer : undefined;
  return {
    'good.test': {},
    'later.test': { answers: { RCPT: () => (Math.random() < 0.3 ? '451 4.7.1 come back' : undefined) } },
    'drops.test': { answers: { DOT: () => (Math.random() < 0.3 ? 'hangUp' : undefined), MAIL: every(7, 'hangUp') } },
    'slow.test': { delayMs: 30 },
    'broken.test': { certificate, isTlsBroken: true },
  };
}

async function handInUntilDone(house: DeliveryHouse, accountId: string, sent: Sent, count: number): Promise<void> {
  const domains = ['good', 'later', 'drops', 'slow', 'broken'];
  let made = 0;
  const next = (): number | undefined => (sent.acknowledged.size < count ? (made += 1) : undefined);
  const hand = async (): Promise<void> => {
    for (let number = next(); number !== undefined; number = next()) {
      const token = `token-${number}-end`;
      const to = `ben${number}@${domains[number % domains.length]}.test`;
      const letter = Buffer.from(letterText('anna@siegel.test', to, token)).toString('base64');
      sent.unknown.add(token);
      try {
        const door = await house.open();
        const answer = await door
          .handIn({ token, accountId, from: 'anna@siegel.test', recipients: [to], letter })
          .finally(() => door.close());
        sent.unknown.delete(token);
        if (answer.ok) sent.acknowledged.add(token);
        else await wait(50);
      } catch {
        await wait(50); // it was killed: it comes back
      }
      await wait(isLong ? 60 : 20);
    }
  };
  await Promise.all(Array.from({ length: IN_HAND }, hand));
}

async function killWhileLettersLeave(kills: number, letters: number, forgetsProgress: boolean): Promise<Outcome> {
  await using opened = new AsyncDisposableStack();
  const certificate = testCertificate();
  const all = Object.entries(conducts(certificate));
  const peers: HostilePeer[] = [];
  for (const [at, [, conduct]] of all.entries()) {
    const peer = await startHostilePeer(conduct, `127.0.0.${at + 2}`, peers[0]?.port ?? 0);
    peers.push(opened.use(peer));
  }
  const zone = zoneOf(Object.fromEntries(all.map(([domain], at) => [domain, `127.0.0.${at + 2}`])));
  const order = { peerPort: peers[0]?.port ?? 0, retriesMs: [500], isUnlimited: true, forgetsProgress };
  const house = opened.use(await openDeliveryHouse(order, zone));
  const { accountId } = await signUp(() => house.program, 'anna');
  const sent: Sent = { acknowledged: new Set(), unknown: new Set() };
  const handing = handInUntilDone(house, accountId, sent, letters);
  const killedMs: number[] = [];
  for (let n = 0; n < kills; n += 1) {
    await wait(150 + Math.random() * 500);
    killedMs.push(performance.now());
    await house.program.kill();
    house.program = await house.program.restart();
  }
  await handing;
  await drain(house, forgetsProgress ? 6_000 : DRAIN_MS);
  return judge(peers, sent, killedMs);
}

async function drain(house: DeliveryHouse, waitMs: number): Promise<void> {
  const until = performance.now() + waitMs;
  while (performance.now() < until) {
    if ((await countWaiting(house.program)) === 0) return;
    await wait(300);
  }
}

function judge(peers: readonly HostilePeer[], sent: Sent, killedMs: readonly number[]): Outcome {
  const taken = new Map<string, number[]>();
  for (const { bytes, atMs } of peers.flatMap(({ letters }) => letters)) {
    const token = /Subject: (token-\d+-end)/.exec(bytes.toString('latin1'))?.[1] ?? '';
    taken.set(
      token,
      [...(taken.get(token) ?? []), atMs].toSorted((a, b) => a - b),
    );
  }
  // of a letter taken n times, each 250 but the last must have been cut off from its note by a kill
  const gaps = [...taken.values()].flatMap((times) => times.slice(0, -1).map((atMs) => fromKill(atMs, killedMs)));
  return {
    acknowledged: sent.acknowledged.size,
    lost: [...sent.acknowledged].filter((token) => !taken.has(token)).length,
    doubled: [...taken.values()].filter((times) => times.length > 1).length,
    doubledOutside: gaps.filter((gapMs) => gapMs < -WINDOW_MS || gapMs > UNHEARD_MS).length,
    longestBeforeMs: Math.round(-Math.min(0, ...gaps)),
    longestAfterMs: Math.round(Math.max(0, ...gaps)),
  };
}

/** How far from the nearest kill: negative before it. */
function fromKill(atMs: number, killedMs: readonly number[]): number {
  const gaps = killedMs.map((killMs) => atMs - killMs);
  return gaps.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0] ?? Number.POSITIVE_INFINITY;
}

test(`${LETTERS} letters to bad peers with ${KILLS} kills: none lost, doubled only in the moment before a kill`, async (t) => {
  const outcome = await killWhileLettersLeave(KILLS, LETTERS, false);
  t.diagnostic(JSON.stringify({ kills: KILLS, windowMs: WINDOW_MS, ...outcome }));
  assert.ok(outcome.acknowledged >= LETTERS);
  assert.deepEqual({ lost: outcome.lost, doubledOutside: outcome.doubledOutside }, { lost: 0, doubledOutside: 0 });
});

test('twin: a queue that does not note what peers answered doubles letters long after their 250', async (t) => {
  const outcome = await killWhileLettersLeave(2, 60, true);
  t.diagnostic(JSON.stringify(outcome));
  assert.ok(outcome.doubledOutside > 0);
});
