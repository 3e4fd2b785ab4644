// What tests of the queue share: a real live store in a folder, a journal and rows in memory, peers that say what they are told to.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId, type SubmissionId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { err, ok } from '#base/result.ts';
import type { SubmissionCommand } from '#vault/journal/commands.ts';
import { nodeDisk, type Disk } from '#vault/journal/disk.ts';
import type { KeyRecord } from '#vault/journal/journal.ts';
import { LiveStore } from '#vault/live/live-store.ts';
import { createStateFile } from '#vault/live/state-file.ts';
import type { LetterToSend } from '../outbox.ts';
import type { Parcel, RecipientOutcome } from '../transport.ts';
import type { LetterHere, QueuedRow } from './neighbours.ts';
import { Queue } from './queue.ts';

export const accountId = newId<AccountId>();
export const START_MS = Date.parse('2026-05-17T10:20:00Z');
const PLAIN = 'From: Anna <anna@siegel.test>\r\nSubject: A letter\r\n\r\nHello.\r\n';

/** What a peer says to a recipient: `ok`, a refusal for good or for now; `drop` never answers. */
export type Say = (address: string, tries: number) => 'ok' | 'no' | 'unknown' | 'later' | Promise<'ok'>;

/** The journal and the rows as they follow from it; a copy of both is a list. */
export interface Memory {
  readonly records: { readonly accountId: AccountId; readonly command: SubmissionCommand }[];
  era: number;
  isDown: boolean;
  isFull: boolean;
  /** Records are neither kept nor answered. */
  isStuck: boolean;
}

export interface World {
  readonly clock: ReturnType<typeof manualClock>;
  readonly directory: string;
  disk: Disk;
  readonly memory: Memory;
  readonly sent: Parcel[];
  /** Letters and notices for people here. */
  readonly here: LetterHere[];
  say: Say;
  sayHere: 'delivered' | 'deferred' | 'failed';
  open(): Promise<Queue>;
  /** As if the program ended here and now, without a word. */
  crash(): Promise<void>;
  letter(recipients: readonly string[], more?: Partial<LetterToSend>): LetterToSend;
}

export async function makeWorld(t: TestContext): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'sgl-queue-'));
  const clock = manualClock(START_MS);
  const tries = new Map<string, number>();
  let live: LiveStore | undefined;
  let queue: Queue | undefined;
  const world: World = {
    clock,
    directory,
    disk: nodeDisk,
    memory: { records: [], era: 1, isDown: false, isFull: false, isStuck: false },
    sent: [],
    here: [],
    say: () => 'ok',
    sayHere: 'delivered',
    async open() {
      live = await LiveStore.open({ disk: world.disk, directory: join(directory, 'live'), clock, onFault: () => {} });
      queue = await Queue.open(optionsOf(world, live, tries));
      return queue;
    },
    async crash() {
      await live?.[Symbol.asyncDispose]();
      await queue?.[Symbol.asyncDispose]();
    },
    letter: (recipients, more = {}) => ({
      accountId,
      actor: { kind: 'session', id: new Uint8Array(16).fill(7) },
      letterId: null,
      identity: 'anna@siegel.test',
      mailFrom: 'anna@siegel.test',
      recipients,
      plainLetter: Buffer.from(PLAIN),
      dueMs: 0,
      ...more,
    }),
  };
  t.after(async () => {
    await queue?.[Symbol.asyncDispose]();
    await live?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });
  return world;
}

function optionsOf(world: World, live: LiveStore, tries: Map<string, number>): Parameters<typeof Queue.open>[0] {
  const { clock, memory } = world;
  return {
    clock,
    log: silentLog,
    live,
    state: createStateFile(nodeDisk, join(world.directory, 'live')),
    transport: {
      async deliver(parcel, settled) {
        const outcomes: RecipientOutcome[] = [];
        for (const address of parcel.recipients) {
          const count = (tries.get(address) ?? 0) + 1;
          tries.set(address, count);
          outcomes.push(outcomeOf(address, await world.say(address, count)));
        }
        world.sent.push(parcel);
        await settled(outcomes.filter(({ kind }) => kind !== 'deferred'));
        return outcomes;
      },
      async [Symbol.asyncDispose]() {},
    },
    journal: {
      get durableSeq() {
        return memory.records.length;
      },
      mayAccept: () => (memory.isFull ? err({ kind: 'diskFull' }) : ok(undefined)),
      async note(account, _, command) {
        await new Promise(memory.isStuck ? () => undefined : setImmediate);
        memory.records.push({ accountId: account, command });
        return ok({ header: { seq: memory.records.length } } as unknown as KeyRecord);
      },
    },
    rows: rowsOf(world),
    async deliverHere(letter) {
      world.here.push(letter);
      return letter.recipients.map((address) => ({ ...outcomeOf(address, 'ok'), kind: world.sayHere }));
    },
    isOwnDomain: (domain) => domain === 'siegel.test',
    outboundKey: new Uint8Array(32).fill(3),
    house: { domain: 'siegel.test', nowMs: () => clock.nowMs(), token: () => 'token' },
  };
}

function rowsOf({ memory }: World): Parameters<typeof Queue.open>[0]['rows'] {
  const requireUp = (): void => {
    if (memory.isDown) throw new Error('the database does not answer');
  };
  const isOver = (id: SubmissionId): boolean =>
    memory.records.some(
      ({ command: { kind, effect } }) =>
        (kind === 'submissionDone' || kind === 'submissionCanceled') && effect.submissionId === id,
    );
  const queued = (): QueuedRow[] =>
    memory.records.flatMap(({ accountId: account, command }) =>
      command.kind === 'submissionQueued'
        ? [{ accountId: account, submissionId: command.effect.submissionId, identity: command.effect.identity, queuedMs: 0 }]
        : [],
    ); // prettier-ignore
  return {
    hasApplied: () => !memory.isDown,
    async era() {
      requireUp();
      return memory.era;
    },
    async outbound() {
      requireUp();
      return queued().filter(({ submissionId }) => !isOver(submissionId));
    },
    async known(ids) {
      requireUp();
      const there = new Set(queued().map(({ submissionId }) => submissionId));
      return new Map(
        ids
          .filter(({ submissionId }) => there.has(submissionId))
          .map(({ submissionId }) => [submissionId, { isOver: isOver(submissionId), delivered: 1 }] as const),
      );
    },
    async recipientsByHour() {
      requireUp();
      return new Map();
    },
    async createdMs() {
      requireUp();
      return 0;
    },
  };
}

function outcomeOf(address: string, said: 'ok' | 'no' | 'unknown' | 'later'): RecipientOutcome {
  const [kind, code, enhanced] = {
    ok: ['delivered', 250, '2.0.0'] as const,
    no: ['failed', 554, '5.7.1'] as const,
    unknown: ['failed', 550, '5.1.1'] as const,
    later: ['deferred', 451, '4.3.0'] as const,
  }[said];
  return { address, kind, code, enhanced, plainText: `said ${said}`, tls: 'encrypted' };
}

/** Waits until `isSo`; fails after a while. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  throw new Error(`never: ${what}`);
}

export function kinds({ memory }: World): readonly string[] {
  return memory.records.map(({ command }) => command.kind);
}

export function noticeOf(letter: LetterHere | undefined): string {
  return Buffer.from(letter?.plainLetter ?? []).toString('utf8');
}
