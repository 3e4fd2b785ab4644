// A house that is busy while something is measured: letters come by SMTP, people look at their mailboxes and flag letters, all at a fixed pace.

import { Worker } from 'node:worker_threads';
import { requireValue } from '#base/assert.ts';
import type { AccountId } from '#base/ids.ts';
import { percentile, round } from '../figures.ts';
import { ask, textsOf, type Call, type Person } from '../scale/people.ts';
import { sharedMs, type PacedOrder, type Sample } from './paced-smtp.ts';

export interface BusyOrder {
  readonly smtp: PacedOrder;
  readonly people: readonly SignedPerson[];
  readonly readsPerSecond: number;
  readonly flagsPerSecond: number;
}

export interface SignedPerson extends Person {
  readonly accountId: AccountId;
  readonly inbox: string;
  /** Letters of theirs that are flagged in turn. */
  readonly letters: readonly string[];
}

export interface Busy {
  /** Stops, and waits for what is on its way. */
  stop(): Promise<void>;
  /** What was due within a time, once stopped. */
  figures(fromMs: number, toMs: number): Figures;
  /** Letters answered with 250 so far, once stopped. */
  readonly kept: number;
}

export interface Figures {
  readonly seconds: number;
  /** The half seconds in which letters waited longest, the worst first, counted from the beginning: where to look for what held them up. */
  readonly worstHalfSeconds: readonly { readonly atS: number; readonly maxMs: number }[];
  readonly intake: Part;
  readonly reads: Part;
  readonly flags: Part;
}

export interface Part {
  readonly count: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const ROWS = 50;
const ROW_PROPERTIES = ['id', 'blobId', 'mailboxIds', 'keywords', 'size', 'receivedAt'];
const NEWEST_FIRST = [{ property: 'receivedAt', isAscending: false }];

export function startBusy(order: BusyOrder): Busy {
  const worker = new Worker(new URL('./paced-smtp.ts', import.meta.url), { workerData: order.smtp });
  const reads = paced(order.readsPerSecond, (n) => look(personOf(order, n), n));
  const flags = paced(order.flagsPerSecond, (n) => flag(personOf(order, n), Math.floor(n / order.people.length)));
  let intake: readonly Sample[] = [];
  return {
    async stop() {
      const answered = new Promise<readonly Sample[]>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, no window
      worker.postMessage('end');
      await Promise.all([reads.end(), flags.end()]);
      intake = await answered;
      await worker.terminate();
    },
    figures(fromMs, toMs) {
      const of = (samples: readonly Sample[]): Part =>
        partOf(samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs));
      const seconds = round((toMs - fromMs) / 1000);
      return {
        seconds,
        worstHalfSeconds: worstOf(intake, fromMs, toMs),
        intake: of(intake),
        reads: of(reads.samples),
        flags: of(flags.samples),
      };
    },
    get kept() {
      return intake.filter(({ isDone }) => isDone).length;
    },
  };
}

function personOf({ people }: BusyOrder, n: number): SignedPerson {
  return requireValue(people[n % people.length], 'a person');
}

const HALF_SECOND_MS = 500;
const WORST = 3;

function worstOf(samples: readonly Sample[], fromMs: number, toMs: number): Figures['worstHalfSeconds'] {
  const most = new Map<number, number>();
  for (const { atMs, tookMs } of samples) {
    if (atMs < fromMs || atMs >= toMs) continue;
    const at = Math.floor((atMs - fromMs) / HALF_SECOND_MS);
    most.set(at, Math.max(most.get(at) ?? 0, tookMs));
  }
  return [...most]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, WORST)
    .map(([at, maxMs]) => ({ atS: (at * HALF_SECOND_MS) / 1000, maxMs: round(maxMs) }));
}

function partOf(samples: readonly Sample[]): Part {
  const times = samples.map(({ tookMs }) => tookMs);
  return {
    count: samples.length,
    failed: samples.filter(({ isDone }) => !isDone).length,
    p50Ms: round(percentile(times, 0.5)),
    p99Ms: round(percentile(times, 0.99)),
    maxMs: round(times.reduce((most, one) => Math.max(most, one), 0)),
  };
}

/** Does something so many times a second, whether or not the last one is done, and times it from when it was due. */
function paced(
  perSecond: number,
  work: (n: number) => Promise<void>,
): { readonly samples: readonly Sample[]; end(): Promise<void> } {
  const samples: Sample[] = [];
  const under = new Set<Promise<void>>();
  const beganMs = sharedMs();
  let due = 0;
  const one = async (n: number, atMs: number): Promise<void> => {
    const isDone = await work(n).then(
      () => true,
      (cause: unknown) => {
        console.error(`failed: ${cause instanceof Error ? cause.message : 'without a word'}`);
        return false;
      },
    );
    samples.push({ atMs, tookMs: sharedMs() - atMs, isDone });
  };
  const timer = setInterval(() => {
    for (; due <= ((sharedMs() - beganMs) * perSecond) / 1000; due += 1) {
      const running = one(due, beganMs + (due * 1000) / perSecond);
      under.add(running);
      void running.finally(() => under.delete(running));
    }
  }, 5);
  return {
    samples,
    async end() {
      clearInterval(timer);
      await Promise.all(under);
    },
  };
}

/** What the page asks when it opens, or pages: newest rows and, in turn, rows from somewhere in the mailbox. */
async function look({ reach, accountId, inbox, letters }: SignedPerson, n: number): Promise<void> {
  const position = n % 2 === 0 ? 0 : Math.floor(Math.random() * letters.length);
  const asked = { resultOf: '0', name: 'Email/query', path: '/ids' };
  const calls: readonly Call[] = [
    ['Email/query', { filter: { inMailbox: inbox }, sort: NEWEST_FIRST, position, limit: ROWS }],
    ['Email/get', { '#ids': asked, properties: ROW_PROPERTIES }],
  ];
  const { results } = await ask(reach, accountId, calls);
  const list = results[1]?.['list'];
  if (textsOf(results[0], 'ids').length === 0 || !Array.isArray(list) || list.length === 0)
    throw new Error('no rows came');
}

async function flag({ reach, accountId, letters }: SignedPerson, n: number): Promise<void> {
  const id = requireValue(letters[(n * 7919) % letters.length], 'a letter');
  const update = { [id]: { 'keywords/$flagged': n % 2 === 0 ? true : null } };
  const { results } = await ask(reach, accountId, [['Email/set', { update }]]);
  const updated = results[0]?.['updated'];
  if (typeof updated !== 'object' || updated === null || !(id in updated)) throw new Error('a flag was not set');
}
