// The account's own receipts from its server: a letter's, and the list of promises. The session travels as a cookie.

import * as v from 'valibot';
import type { LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';

export type Reach = (path: string, init: RequestInit) => Promise<Response>;

export type AskRefusal =
  /** The hour of this letter is not over: then its receipt is made. */
  | { readonly kind: 'waiting'; readonly closesMs: number }
  | { readonly kind: 'altered' | 'gone' | 'signed-out' | 'no-connection' | 'server-unavailable' };

const rowShape = v.object({
  id: v.string(),
  kind: v.string(),
  timeMs: v.number(),
  facts: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])),
});
const listShape = v.object({ receipts: v.array(rowShape), next: v.nullable(v.string()) });
const waitingShape = v.object({ waiting: v.literal(true), closesMs: v.number() });

export type ReceiptRow = v.InferOutput<typeof rowShape>;

export function askLetterReceipt(
  reach: Reach,
  letterId: LetterId,
): Promise<Result<Uint8Array<ArrayBuffer>, AskRefusal>> {
  return askFile(reach, `/receipts/letter/${encodeURIComponent(letterId)}`);
}

export function askReceipt(reach: Reach, id: string): Promise<Result<Uint8Array<ArrayBuffer>, AskRefusal>> {
  return askFile(reach, `/receipts/${encodeURIComponent(id)}`);
}

/** Newest first; `before` is the `next` of the page before. */
export async function askReceipts(
  reach: Reach,
  before: string | undefined,
): Promise<Result<{ readonly receipts: readonly ReceiptRow[]; readonly next: string | undefined }, AskRefusal>> {
  const query = before === undefined ? '' : `&before=${encodeURIComponent(before)}`;
  const answer = await ask(reach, `/receipts?limit=20${query}`);
  if (!answer.ok) return answer;
  const parsed = v.safeParse(listShape, await readJson(answer.value));
  if (!parsed.success) return err({ kind: 'server-unavailable' });
  return ok({ receipts: parsed.output.receipts, next: parsed.output.next ?? undefined });
}

async function askFile(reach: Reach, path: string): Promise<Result<Uint8Array<ArrayBuffer>, AskRefusal>> {
  const answer = await ask(reach, path);
  if (!answer.ok) return answer;
  if (answer.value.status === 200) return ok(new Uint8Array(await answer.value.arrayBuffer()));
  const parsed = v.safeParse(waitingShape, await readJson(answer.value));
  if (!parsed.success) return err({ kind: 'server-unavailable' });
  return err({ kind: 'waiting', closesMs: parsed.output.closesMs });
}

const KINDS: ReadonlyMap<number, Exclude<AskRefusal['kind'], 'waiting'>> = new Map([
  [401, 'signed-out'],
  [404, 'gone'],
  [409, 'altered'],
]);

async function ask(reach: Reach, path: string): Promise<Result<Response, AskRefusal>> {
  try {
    const answer = await reach(path, { credentials: 'same-origin', redirect: 'error' });
    return answer.ok ? ok(answer) : err({ kind: KINDS.get(answer.status) ?? 'server-unavailable' });
  } catch {
    return err({ kind: 'no-connection' });
  }
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}
