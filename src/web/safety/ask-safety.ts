// What the page asks about the house’s safety, and the two things it can do: hand in a signature, have the ledger counted.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { safetyAnswers, type LedgerLook, type Safety, type SafetyChange } from '#formats/auth-wire/safety-answers.ts';

export type SafetyTrouble =
  | { readonly kind: 'signed-out' | 'not-allowed' | 'no-connection' | 'server-unavailable' }
  /** The safeguards refuse, and say why and what to do. */
  | { readonly kind: 'refused'; readonly sentence: string };

export type Asked<T> = Promise<Result<T, SafetyTrouble>>;

export function readSafety(): Asked<Safety> {
  return ask('/safety', undefined, safetyAnswers.safety);
}

export function countLedger(): Asked<LedgerLook> {
  return ask('/safety/ledger/check', {}, safetyAnswers.ledger);
}

export function handInSignature(change: number, signature: string): Asked<SafetyChange> {
  return ask(`/safety/changes/${change}/signature`, { signature }, safetyAnswers.approved);
}

async function ask<T>(path: string, body: object | undefined, shape: v.GenericSchema<unknown, T>): Asked<T> {
  let status: number;
  let answer: unknown;
  try {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const init = { credentials: 'same-origin', redirect: 'error', cache: 'no-store' } as const;
    const response = await fetch(path, body === undefined ? init : { ...post, ...init });
    status = response.status;
    answer = await response.json();
  } catch {
    return err({ kind: 'no-connection' });
  }
  if (status === 200) {
    const read = v.safeParse(shape, answer);
    return read.success ? ok(read.output) : err({ kind: 'server-unavailable' });
  }
  if (status === 401) return err({ kind: 'signed-out' });
  if (status === 403) return err({ kind: 'not-allowed' });
  const refused = v.safeParse(safetyAnswers.refused, answer);
  return err(refused.success ? { kind: 'refused', sentence: refused.output.sentence } : { kind: 'server-unavailable' });
}
