// A change led through all its steps in the running program, and when each of them began and ended.

import { setTimeout as wait } from 'node:timers/promises';
import type { Result } from '#base/result.ts';
import { makeOperator, type TestOperator } from '#vault/safeguards/change/test-changes.ts';
import type { ChangeView } from '../../src/programs/methods/change-methods.ts';
import type { OperatorRefusal } from '../../src/programs/operator-methods.ts';
import { askOperator } from '../../src/programs/operator-socket.ts';
import { sharedMs } from './paced-smtp.ts';

export interface Span {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Walked {
  readonly change: ChangeView;
  /** rehearsal, point (the copy made before), statements, proof. */
  readonly spans: readonly Span[];
}

const LOOK_MS = 100;

export function need<T>(result: Result<T, OperatorRefusal>): T {
  if (!result.ok) throw new Error(result.error.sentence);
  return result.value;
}

/** The first one is named without a change. */
export async function nameOperator(dataDir: string): Promise<TestOperator> {
  const kaya = makeOperator('Kaya');
  const { sshKey } = kaya.content;
  if (sshKey === null) throw new Error('an operator of a test has a key');
  need(await askOperator(dataDir, 'operator.add', { name: 'Kaya', sshKey, role: 'operator' }));
  return kaya;
}

export async function walkChange(dataDir: string, kaya: TestOperator, sql: string): Promise<Walked> {
  const spans: Span[] = [];
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const fromMs = sharedMs();
    const done = await work();
    spans.push({ name, fromMs, toMs: sharedMs() });
    return done;
  };
  const { number } = need(await askOperator(dataDir, 'change.plan', { kind: 'sql', sql }));
  need(await askOperator(dataDir, 'change.backup', { number }));
  await timed('rehearsal', async () => need(await askOperator(dataDir, 'change.rehearse', { number })));
  const { plan } = need(await askOperator(dataDir, 'change.approve', { number, signatures: [] }));
  need(await askOperator(dataDir, 'change.approve', { number, signatures: [kaya.sign(plan)] }));
  const { change, steps } = await apply(dataDir, number);
  return { change, spans: [...spans, ...steps] };
}

/** What stands in the register tells which part of the apply it is. */
async function apply(
  dataDir: string,
  number: number,
): Promise<{ readonly change: ChangeView; readonly steps: readonly Span[] }> {
  const beganMs = sharedMs();
  const seen = new Map<string, number>();
  const over = new AbortController();
  const applying = askOperator(dataDir, 'change.apply', { number, apply: true }).finally(() => over.abort());
  while (!over.signal.aborted) {
    const status = await askOperator(dataDir, 'change.status', { number });
    const standing = status.ok ? status.value.changes[0]?.standing : undefined;
    if (standing !== undefined && !seen.has(standing)) seen.set(standing, sharedMs());
    await wait(LOOK_MS);
  }
  const { change } = need(await applying);
  const endedMs = sharedMs();
  if (change.standing !== 'verified') throw new Error(`the change is ${change.standing}: ${change.why ?? ''}`);
  const runMs = seen.get('applying') ?? beganMs;
  const proofMs = seen.get('applied') ?? endedMs;
  const steps = [
    { name: 'point', fromMs: beganMs, toMs: runMs },
    { name: 'statements', fromMs: runMs, toMs: proofMs },
    { name: 'proof', fromMs: proofMs, toMs: endedMs },
  ];
  return { change, steps };
}
