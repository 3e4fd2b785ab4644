// One job from its first byte to its receipt: objects in its box, what came of the work, and the erasure.

import { randomBytes } from 'node:crypto';
import { newId, type TransitJobId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { JobReport, OptimiseOrder, OptimiseResult, Preview, Profile, ReturnedFile } from '../contract.ts';
import { saltedHash, type FileSalts } from '../report/receipt.ts';
import { JobBox, type ErasedLedger } from '../store/job-box.ts';
import type { RamStore, StoreRefusal } from '../store/ram-store.ts';

const SALT_BYTES = 16;

interface OrderHead {
  readonly profile: Profile;
  readonly wantsPreviews: boolean;
  readonly names: readonly string[];
}

/** The report and the names; the bytes lie beside it in the box. */
interface Kept {
  /** Indexes into `JobReport.files`. */
  readonly previews: readonly number[];
  readonly report: JobReport;
  readonly files: readonly Omit<ReturnedFile, 'bytes'>[];
  readonly salts: FileSalts;
}

export class Job {
  readonly id = newId<TransitJobId>();
  readonly receivedMs: number;
  readonly #box: JobBox;
  #saltedHashes: readonly string[] = [];

  constructor(store: RamStore, clock: Clock) {
    this.receivedMs = clock.nowMs();
    this.#box = new JobBox(store, clock, this.id);
  }

  get saltedHashes(): readonly string[] {
    return this.#saltedHashes;
  }

  async putOrder({ files, profile, wantsPreviews = false }: OptimiseOrder): Promise<Result<void, StoreRefusal>> {
    const head: OrderHead = { profile, wantsPreviews, names: files.map(({ name }) => name) };
    const puts = [
      () => this.#box.put('order', encode(head)),
      ...files.map((file, at) => () => this.#box.put(`sent/${at}`, file.bytes)),
    ];
    return inOrder(puts);
  }

  /** Undefined: its time is over. */
  async takeOrder(): Promise<OptimiseOrder | undefined> {
    const head = await this.#box.get('order');
    if (head === undefined) return undefined;
    const { profile, wantsPreviews, names } = decode<OrderHead>(head);
    const files = [];
    for (const [at, name] of names.entries()) {
      const bytes = await this.#box.get(`sent/${at}`);
      if (bytes === undefined) return undefined;
      files.push({ name, bytes });
    }
    return { files, profile, wantsPreviews };
  }

  /** The result in the place of what was sent: of a document there is never more here than is needed. */
  async putResult(
    { files, report, previews = [] }: OptimiseResult,
    sentCount: number,
  ): Promise<Result<void, StoreRefusal>> {
    const salts = report.files.map(() => randomBytes(SALT_BYTES).toString('hex'));
    this.#saltedHashes = report.files.map((file, at) =>
      saltedHash(salts[at] ?? '', file.digestBefore, file.digestAfter),
    );
    const names = files.map(({ name, report: index }) => ({ name, report: index }));
    const kept: Kept = { report, files: names, salts, previews: previews.map(({ report: index }) => index) };
    for (let at = 0; at < sentCount; at++) await this.#box.drop(`sent/${at}`);
    await this.#box.drop('order');
    const puts = [
      () => this.#box.put('report', encode(kept)),
      ...files.map((file, at) => () => this.#box.put(`back/${at}`, file.bytes)),
      ...previews.flatMap(({ before, after }, at) => [
        () => this.#box.put(`before/${at}`, before),
        () => this.#box.put(`after/${at}`, after),
      ]),
    ];
    return inOrder(puts);
  }

  async takeResult(): Promise<{ readonly result: OptimiseResult; readonly salts: FileSalts } | undefined> {
    const bytes = await this.#box.get('report');
    if (bytes === undefined) return undefined;
    const kept = decode<Kept>(bytes);
    const files: ReturnedFile[] = [];
    for (const [at, { name, report }] of kept.files.entries()) {
      const back = await this.#box.get(`back/${at}`);
      if (back === undefined) return undefined;
      files.push({ name, report, bytes: back });
    }
    const previews = await this.#takePreviews(kept.previews);
    return { result: { files, report: kept.report, ...(previews.length > 0 && { previews }) }, salts: kept.salts };
  }

  async #takePreviews(reports: readonly number[]): Promise<readonly Preview[]> {
    const previews: Preview[] = [];
    for (const [at, report] of reports.entries()) {
      const [before, after] = [await this.#box.get(`before/${at}`), await this.#box.get(`after/${at}`)];
      if (before !== undefined && after !== undefined) previews.push({ report, before, after });
    }
    return previews;
  }

  erase(): Promise<ErasedLedger> {
    return this.#box.destroy();
  }
}

async function inOrder(
  puts: readonly (() => Promise<Result<void, StoreRefusal>>)[],
): Promise<Result<void, StoreRefusal>> {
  for (const put of puts) {
    const done = await put();
    if (!done.ok) return err(done.error);
  }
  return ok(undefined);
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** What `encode` made a moment ago, and nobody could alter since: the box would not have opened. */
function decode<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes).toString()) as T;
}
