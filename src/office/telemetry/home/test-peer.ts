// The other end for tests: a collector's card and key, a sink that opens what comes, and a machine whose clock and files are at hand.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireValue } from '#base/assert.ts';
import { manualClock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { formatKeyConfig } from '#formats/ohttp/ohttp.ts';
import { parseCard, type KnownCollector } from '../catalogue/card.ts';
import { questions as ownQuestions } from '../catalogue/questions.ts';
import type { Question } from '../catalogue/question.ts';
import { openReport, sealAnswer } from '../report/envelope.ts';
import type { Report } from '../report/report.ts';
import type { TelemetryFiles } from './files.ts';
import { openTelemetryHome, type TelemetryHome, type TelemetryParts } from './home.ts';
import type { Send } from './send-report.ts';

export const RELAY = 'https://relay.example.net/reports';

export interface Got {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly report: Report;
  readonly atMs: number;
}

export interface Peer {
  readonly collector: KnownCollector;
  readonly cardText: string;
  /** What a sealed report says, and the sealed answer to it. */
  open(bytes: Uint8Array): { readonly report: Report; readonly answer: Uint8Array };
}

export function newPeer(url = 'https://count.example.org'): Peer {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const raw = requireValue(fromBase64(x), 'a key');
  const cardText = JSON.stringify({
    v: 1,
    operator: 'Verein für ehrliche Zahlen, zahlen@example.org',
    country: { de: 'Deutschland', en: 'Germany' },
    purpose: { de: 'Damit das Programm passt', en: 'So that the program fits' },
    published: { de: 'Jedes Quartal, auf der Seite', en: 'Every quarter, on the page' },
    url,
    key: toBase64Url(formatKeyConfig({ keyId: 1, publicKey: raw })),
  });
  const card = parseCard(cardText);
  const collector = requireValue(card.ok ? card.value : undefined, 'a card');
  return {
    collector,
    cardText,
    open(bytes) {
      const opened = openReport(bytes, { keyId: 1, privateKey: key, authority: collector.authority });
      const { report, exchange } = requireValue(opened, 'a report to this collector');
      return { report, answer: sealAnswer(exchange, 204) };
    },
  };
}

/** Hours of a Wednesday in the middle of a quarter. */
export const START_MS = Date.UTC(2026, 10, 4, 9);
const STEP_MS = 5 * 60_000;

export interface Machine extends Disposable {
  readonly home: TelemetryHome;
  readonly got: readonly Got[];
  readonly recorded: readonly string[];
  readonly folder: string;
  readonly clock: ReturnType<typeof manualClock>;
  /** Another program on the same files. */
  reopen(changes?: Partial<TelemetryParts>): Promise<void>;
  /** Looks after it every five minutes of so many days. */
  live(days: number): Promise<void>;
  agree(isDirect?: boolean): Promise<void>;
}

export async function newMachine(
  peer: Peer,
  openFiles: (folder: string) => Promise<TelemetryFiles>,
  changes: Partial<TelemetryParts> = {},
): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'sgl-telemetry-'));
  const clock = manualClock(START_MS);
  const got: Got[] = [];
  const recorded: string[] = [];
  const send: Send = async ({ url, body }) => {
    const bytes = requireValue(body, 'a body');
    const { report, answer } = peer.open(bytes);
    got.push({ url, bytes: Uint8Array.from(bytes), report, atMs: clock.nowMs() });
    return ok({ status: 200, headers: {}, body: answer });
  };
  const parts: TelemetryParts = {
    clock,
    log: silentLog,
    files: await openFiles(folder),
    collector: peer.collector,
    relay: RELAY,
    questions: ownQuestions,
    measure: async () => truthsOf(ownQuestions),
    send,
    record: async (kind) => void recorded.push(kind),
    ...changes,
  };
  let home = await openTelemetryHome(parts);
  return {
    get home() {
      return home;
    },
    got,
    recorded,
    folder,
    clock,
    async reopen(more = {}) {
      home = await openTelemetryHome({ ...parts, ...more });
    },
    async live(days) {
      for (let passedMs = 0; passedMs < days * 86_400_000; passedMs += STEP_MS) {
        clock.advanceMs(STEP_MS);
        await home.look();
      }
    },
    async agree(isDirect = false) {
      const { catalogueHash } = await home.view();
      const chosen = await home.choose({ choice: 'on', hash: catalogueHash ?? '', isDirect });
      if (!chosen.ok) throw new Error(chosen.error.kind);
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Always the last answer. */
export function truthsOf(questions: readonly Question[]): ReadonlyMap<string, number> {
  return new Map(questions.map(({ id, buckets }) => [id, buckets.length - 1]));
}
