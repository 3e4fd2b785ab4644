// `siegel receipt check FILE`: what a receipt says and whether it is true; exit 0 good, 1 forged, 2 misused. Needs no running service.

import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { checkReceipt, type CheckedReceipt, type CheckOptions } from '#vault/book/check/check-receipt.ts';
import { parseHeadFile, parsePath, parseReceiptFile, type SignedHead } from '#vault/book/check/receipt.ts';
import { explainCheckRefusal } from '#vault/book/check/refusals.ts';
import type { Hash } from '#vault/book/merkle.ts';
import type { Call, CommandRefusal, Done, Run } from '../command.ts';
import { reachServer } from './user/signed-in.ts';

export const run: Run = async (call) => {
  const [path = ''] = call.operands;
  const bytes = await readBytes(path);
  if (!bytes.ok) return bytes;
  const options = await readOptions(call, bytes.value);
  if (!options.ok) return options;
  const checked = await checkReceipt(bytes.value, options.value);
  if (!checked.ok) {
    return err({ kind: 'refused', reason: checked.error.kind, sentence: explainCheckRefusal(checked.error) });
  }
  return ok(show(checked.value));
};

async function readOptions(call: Call, receipt: Uint8Array): Promise<Result<CheckOptions, CommandRefusal>> {
  const { key: knownKey, head: headPath } = call.options;
  if (headPath === undefined) return ok({ knownKey });
  const headBytes = await readBytes(headPath);
  if (!headBytes.ok) return headBytes;
  const head = parseHeadFile(headBytes.value);
  if (!head.ok) return err({ kind: 'misused', sentence: `There is no head of a book in ${headPath}.` });
  const file = parseReceiptFile(receipt);
  const own = file.ok ? file.value.proof?.head : undefined;
  if (own === undefined || !isProofNeeded(own, head.value)) return ok({ knownKey, earlierHead: head.value });
  const consistency = await askConsistency(call, own, head.value);
  return consistency.ok ? ok({ knownKey, earlierHead: head.value, consistency: consistency.value }) : consistency;
}

function isProofNeeded(a: SignedHead, b: SignedHead): boolean {
  return a.size !== b.size && a.size > 0 && b.size > 0;
}

/** The server need not be trusted for it: what it answers is checked. */
async function askConsistency(
  call: Call,
  a: SignedHead,
  b: SignedHead,
): Promise<Result<readonly Hash[], CommandRefusal>> {
  const reached = reachServer(call);
  if (!reached.ok) return reached;
  const [from, to] = [Math.min(a.size, b.size), Math.max(a.size, b.size)];
  try {
    const answer = await reached.value.reach(`/book/consistency?from=${from}&to=${to}`);
    const body: unknown = answer.ok ? await answer.json() : undefined;
    const path = typeof body === 'object' && body !== null && 'path' in body ? parsePath(body.path) : undefined;
    if (path !== undefined) return ok(path);
  } catch {
    // said below: there is no answer to go by
  }
  const sentence =
    'The server does not say how the two heads belong together. Is it running, and is --server right? A book that was cut off cannot say it.';
  return err({ kind: 'refused', reason: 'no-consistency', sentence });
}

async function readBytes(path: string): Promise<Result<Uint8Array, CommandRefusal>> {
  try {
    return ok(await readFile(path));
  } catch {
    return err({ kind: 'misused', sentence: `${path} cannot be read.` });
  }
}

function show(checked: CheckedReceipt): Done {
  const { receipt, key, head, isKeyKnown, entry, lettersInEntry, comparedWith } = checked;
  const facts = Object.entries(receipt.facts).map(([name, fact]) => `  ${name}: ${oneLine(String(fact))}`);
  const place =
    head === undefined
      ? 'signed, not yet with its place in the book'
      : `in the book: entry ${(entry ?? 0) + 1} of ${head.size}, head of ${timeOf(head.timeMs)}${lettersInEntry === undefined ? '' : `, together with ${lettersInEntry} letters`}`;
  const lines = [
    `Good: ${receipt.kind}, ${timeOf(receipt.timeMs)}`,
    ...facts,
    `  ${place}`,
    ...(comparedWith === undefined ? [] : [`  of one book with the head of ${timeOf(comparedWith.timeMs)}`]),
    `  house ${receipt.house}, key ${key}`,
    ...(isKeyKnown
      ? []
      : ['  Nobody said yet whose key this is: compare it with the one you know, or give it with --key.']),
  ];
  return { json: checked, text: lines.join('\n') };
}

function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

/** A fact must not move the cursor of a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
