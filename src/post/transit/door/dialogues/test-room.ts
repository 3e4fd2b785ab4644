// A room for tests: real sockets, the real controller and store, a tiny workshop; who takes the results is asked, and remembered.

import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { systemClock, type Clock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { requireOne, type DialogueHouse, type DialogueOption } from '../../../wire/dialogues/dialogue.ts';
import type { Optimise, OptimiseOrder, OptimiseResult } from '../../contract.ts';
import { Controller, type ControlBounds } from '../../control/controller.ts';
import type { HandOver, OutgoingAnswer } from '../../control/transit-letter.ts';
import { writeAnswerLetter } from '../../report/answer-letter.ts';
import type { DeletionReceipt, ReceiptSigner } from '../../report/receipt.ts';
import type { SelfCheck } from '../../report/self-check.ts';
import { createEmbeddedStore, type StoredObject } from '../../store/embedded-store.ts';
import { createTransitDoor } from '../door.ts';
import type { Proven, Registered } from '../neighbours.ts';

export const DOMAIN = 'siegel.test';

export interface TestRoomOptions {
  readonly optimise?: Optimise;
  readonly bounds?: Partial<ControlBounds>;
  readonly clock?: Clock;
  readonly storeBytes?: number;
  readonly registered?: Registered;
  readonly proven?: Proven;
  /** Asked for each result; `taken` when not given. */
  readonly deliver?: (answer: OutgoingAnswer) => Promise<HandOver>;
  readonly record?: (receipt: DeletionReceipt) => Promise<void>;
  readonly key?: Uint8Array;
  readonly crashes?: ReadonlyMap<string, number>;
}

export interface TestRoom extends AsyncDisposable {
  readonly port: number;
  readonly controller: Controller;
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Results that were taken, newest last. */
  readonly answers: readonly { readonly to: string; readonly messageId: string; readonly plainText: string }[];
  readonly receipts: readonly DeletionReceipt[];
  /** Letters at work as whoever would see the process die is told. */
  readonly working: ReadonlySet<string>;
}

/** Turns every document into its own letters reversed: short, and to be told from what came. */
export const reverseDocuments: Optimise = async (order, { onProgress }) => {
  for (const { name } of order.files) onProgress({ file: name, step: 'done', page: 1, pages: 1 });
  return reversed(order);
};

export function reversed({ files, profile }: OptimiseOrder): OptimiseResult {
  const made = files.map(({ name, bytes }) => ({ name, before: bytes, after: Uint8Array.from(bytes).toReversed() }));
  return {
    files: made.map(({ name, after }, report) => ({ name, bytes: after, report })),
    report: {
      profile,
      tookMs: 1,
      files: made.map(({ name, before, after }) => ({
        oldName: name,
        newName: name,
        kind: 'pdf',
        foundIn: [],
        bytesBefore: before.length,
        bytesAfter: after.length,
        pages: [{ steps: undefined, confidence: 61, tookMs: 1 }],
        kept: undefined,
        criteria: [{ name: 'parses', isMet: true, seen: 'yes' }],
        digestBefore: digest(before),
        digestAfter: digest(after),
      })),
    },
  };
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function testSigner(): ReceiptSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { publicKey: raw, sign: (bytes) => sign(null, bytes, privateKey) };
}

export const testSelfCheck: SelfCheck = {
  checkedMs: 0,
  findings: [{ kind: 'swap', isMet: true, seen: 'no swap', whatToDo: '', isAccepted: false }],
};

export async function openTestRoom(options: TestRoomOptions = {}): Promise<TestRoom> {
  const clock = options.clock ?? systemClock;
  const objects = new Map<string, StoredObject>();
  const answers: { to: string; messageId: string; plainText: string }[] = [];
  const receipts: DeletionReceipt[] = [];
  const working = new Set<string>();
  const bytesMax = options.storeBytes;
  const store = createEmbeddedStore({ clock, objects, ...(bytesMax !== undefined && { bytesMax }) });
  const controller = new Controller(
    {
      clock,
      log: silentLog,
      store,
      key: options.key ?? new Uint8Array(32).fill(7),
      domain: DOMAIN,
      signer: testSigner(),
      selfCheck: testSelfCheck,
      ...(options.bounds && { bounds: options.bounds }),
      ...(options.crashes && { crashes: options.crashes }),
    },
    {
      optimise: options.optimise ?? reverseDocuments,
      async writeAnswer(order) {
        const written = writeAnswerLetter(order, { from: `optimise@${DOMAIN}`, origin: 'https://siegel.test' });
        if (!written.ok) throw new Error(written.error.kind);
        return written.value;
      },
      async deliver(answer) {
        const how = (await options.deliver?.(answer)) ?? 'taken';
        const { to, messageId, plainLetter } = answer;
        if (how === 'taken') answers.push({ to, messageId, plainText: Buffer.from(plainLetter).toString('latin1') });
        return how;
      },
      async record(receipt) {
        await options.record?.(receipt);
        receipts.push(receipt);
      },
      noteWork: (letter, isBegun) => void (isBegun ? working.add(letter) : working.delete(letter)),
    },
  );
  const door = createTransitDoor(
    {
      domain: DOMAIN,
      host: '127.0.0.1',
      port: 0,
      pageUrl: 'https://siegel.test/transit',
      bounds: { sweepMs: 20, closeWaitMs: 500 },
    },
    {
      maySend: async () => options.registered ?? 'yes',
      proveOrigin: async () => options.proven ?? 'yes',
      take: (letter) => controller.take(letter),
      hasRoomFor: (sizeBytes) => controller.hasRoomFor(sizeBytes),
    },
  );
  const port = await door.listen();
  return {
    port,
    controller,
    objects,
    answers,
    receipts,
    working,
    async [Symbol.asyncDispose]() {
      await door.close();
      await controller[Symbol.asyncDispose]();
    },
  };
}

/** The room that the first lines of a conversation describe. */
export async function openDialogueRoom(lines: readonly DialogueOption[]): Promise<DialogueHouse> {
  const room = await openTestRoom(optionsOf(lines));
  return {
    entrances: { connect: room.port },
    get letters() {
      return room.answers.map(({ plainText, to }) => ({ plainText, recipients: [to] }));
    },
    close: async () => room[Symbol.asyncDispose](),
  };
}

function optionsOf(lines: readonly DialogueOption[]): TestRoomOptions {
  let options: TestRoomOptions = {};
  for (const { name, value } of lines) {
    if (name === 'registered') options = { ...options, registered: requireOne(value, ['yes', 'no', 'later']) };
    else if (name === 'proven') options = { ...options, proven: requireOne(value, ['yes', 'no', 'later']) };
    else if (name === 'handOver') {
      const how = requireOne(value, ['taken', 'later', 'refused']);
      options = { ...options, deliver: async () => how };
    } else if (name === 'work') {
      const what = requireOne(value, ['slow', 'breaks']);
      options = { ...options, optimise: what === 'slow' ? slowly : breaking };
    } else if (name === 'storeBytes') options = { ...options, storeBytes: Number(value) };
    else options = { ...options, bounds: { ...options.bounds, [name]: Number(value) } };
  }
  return options;
}

const SLOW_MS = 400;

const slowly: Optimise = async (order, way) => {
  await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  return reverseDocuments(order, way);
};

const breaking: Optimise = () => Promise.reject(new Error('the work broke'));
