// A collector with real files in a folder of its own, a clock moved by hand, and what tests send to it.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  createCipheriv,
  createHmac,
  type KeyObject,
} from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { AES_256_GCM, keyAndNonce } from '#formats/hpke/schedule.ts';
import { hashQuestion, type Question } from '../catalogue/question.ts';
import { questions } from '../catalogue/questions.ts';
import { openAnswer, SEALED_REPORT_BYTES, sealReport, type SealedReport } from '../report/envelope.ts';
import type { Report } from '../report/report.ts';
import { dayOf } from '../report/weeks.ts';
import { Collector, type CollectorParts } from './collector.ts';
import type { Publication } from './publication.ts';
import { createSeenReports } from './seen-reports.ts';
import { openTallyFile, type TallyFile } from './tally-file.ts';

export const AUTHORITY = 'collector.test';
export const KEY_ID = 7;
export const DAY_MS = 86_400_000;
/** A Friday in the middle of a quarter. */
export const START_MS = Date.UTC(2026, 10, 20, 12);

export interface TestCollector {
  readonly collector: Collector;
  readonly clock: ReturnType<typeof manualClock>;
  readonly folder: string;
  readonly recorded: Publication[];
  readonly key: { readonly keyId: number; readonly publicKey: Uint8Array };
  today(): number;
  /** What the sealed answer says; undefined: refused before it was opened. */
  send(report: Report): Promise<number | undefined>;
  /** Bytes as they are; opened with the exchange of what they were made from. */
  sendBytes(bytes: Uint8Array, of?: SealedReport): Promise<number | undefined>;
  seal(report: Report): SealedReport;
  /** Another program on the same folder and book. */
  again(tuning?: Partial<CollectorParts>): Promise<TestCollector>;
}

export async function openTestCollector(
  t: TestContext,
  tuning: Partial<CollectorParts> & { readonly wrapFile?: (file: TallyFile) => TallyFile } = {},
): Promise<TestCollector> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-collector-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const keys = generateKeyPairSync('x25519');
  const publicKey = Uint8Array.from(keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  return open(
    { t, folder, privateKey: keys.privateKey, publicKey, recorded: [], clock: manualClock(START_MS) },
    tuning,
  );
}

interface Ground {
  readonly t: TestContext;
  readonly folder: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
  readonly recorded: Publication[];
  readonly clock: ReturnType<typeof manualClock>;
}

async function open(
  ground: Ground,
  { wrapFile, ...tuning }: Parameters<typeof openTestCollector>[1] & object,
): Promise<TestCollector> {
  const { t, folder, privateKey, publicKey, recorded, clock } = ground;
  const file = await openTallyFile(folder);
  if (!file.ok) throw new Error(file.error.kind);
  t.after(() => file.value[Symbol.asyncDispose]());
  const collector = new Collector({
    clock,
    log: silentLog,
    keyId: KEY_ID,
    privateKey,
    authority: AUTHORITY,
    questions,
    file: wrapFile?.(file.value) ?? file.value,
    seen: createSeenReports(1_000_000),
    lastPublished: recorded.at(-1)?.quarter ?? '',
    record: async (publication) => void recorded.push(publication),
    ...tuning,
  });
  const key = { keyId: KEY_ID, publicKey };
  const seal = (report: Report): SealedReport => sealReport(report, key, AUTHORITY);
  const sendBytes = async (bytes: Uint8Array, of?: SealedReport): Promise<number | undefined> => {
    const taken = await collector.take(Uint8Array.from(bytes));
    if (typeof taken === 'number') return undefined;
    return of === undefined ? 0 : openAnswer(of.exchange, taken);
  };
  return {
    collector,
    clock,
    folder,
    recorded,
    key,
    today: () => dayOf(clock.nowMs()),
    seal,
    sendBytes,
    send: (report) => {
      const sealed = seal(report);
      return sendBytes(sealed.bytes, sealed);
    },
    again: (more = {}) => open(ground, more),
  };
}

export function answerTo(question: Question, answer: number, day: number): Report {
  return { kind: 'answer', day, question: hashQuestion(question), answer };
}

/** The same encapsulated key with another message inside: only who sealed the first one can make it. */
export function resealed({ bytes, exchange }: SealedReport, plainBytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest();
  const { key, nonce } = keyAndNonce(hmac, AES_256_GCM, exchange.sharedSecret, exchange.context);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(plainBytes), cipher.final(), cipher.getAuthTag()]);
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, SEALED_REPORT_BYTES - sealed.length), sealed]));
}

export function countOf(collector: Collector): number {
  const rows = Object.values(collector.tally.quarters).flatMap((counts) => Object.values(counts));
  return rows.flat().reduce((sum, count) => sum + count, 0);
}

/** A pair that is somebody else's. */
export function strangersKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync('x25519');
  const again = createPrivateKey({
    key: privateKey.export({ type: 'pkcs8', format: 'der' }),
    format: 'der',
    type: 'pkcs8',
  });
  return Uint8Array.from(createPublicKey(again).export({ type: 'spki', format: 'der' }).subarray(-32));
}
