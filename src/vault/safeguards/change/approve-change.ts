// Whose signatures a change needs and whether they are there: over exactly these bytes, by people who are operators now.

import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64 } from '#formats/base64/base64.ts';
import { planOf, type Change } from './change-state.ts';
import { checkSignature } from './check-signature.ts';
import { NAMESPACES, type Operator } from './operators.ts';
import type { ChangeParts } from './parts.ts';
import { digestOf, planBytes, SIGNATURES, standingBytes } from './plan.ts';
import { refuse, shownTime, type ChangeRefusal } from './refusals.ts';

export interface ApprovalState {
  /** The bytes to sign, as text; undefined until the change was rehearsed. */
  readonly plan: string | undefined;
  /** Names of those whose signatures count. */
  readonly by: readonly string[];
  readonly need: number;
  readonly isEnough: boolean;
  /** What stands instead of a signature, or what is still awaited. */
  readonly because: string;
}

/** Adds signature files; the first that does not hold refuses them all, those before it stay. */
export function approve(
  parts: ChangeParts,
  number: number,
  files: readonly string[],
): Promise<Result<Change, ChangeRefusal>> {
  return parts.book.alone(async () => {
    const found = parts.book.find(number);
    if (!found.ok) return found;
    let change = found.value;
    for (const signature of files) {
      const checked = checkApproval(parts, change, signature);
      if (!checked.ok) return checked;
      const { operatorId, keyBlob } = checked.value.operator;
      const facts = { operatorId, key: keyBlob, digest: checked.value.digest, signature };
      const noted = await parts.book.step(number, 'approved', facts);
      if (!noted.ok) return noted;
      await parts.step('approved');
      change = noted.value;
    }
    return ok(change);
  });
}

function checkApproval(
  { book }: Pick<ChangeParts, 'book'>,
  change: Change,
  signature: string,
): Result<{ readonly operator: Operator; readonly digest: string }, ChangeRefusal> {
  const { number, draft, standing } = change;
  const plan = planOf(change);
  if (standing !== 'rehearsed' || plan === undefined)
    return refuse('wrongStep', {
      change: number,
      what: `Change ${number} is ${standing}: it is signed once it was rehearsed, and before it is applied.`,
    });
  if (book.nowMs() > draft.expiresMs) return refuse('expired', { when: shownTime(draft.expiresMs) });
  const bytes = planBytes(plan);
  const checked = checkSignature(signature, { namespace: NAMESPACES.change, bytes });
  if (!checked.ok)
    return refuse(checked.error.kind, {
      change: number,
      ...(checked.error.kind === 'otherNamespace' ? { what: checked.error.namespace } : {}),
    });
  const keyBlob = toBase64(checked.value.keyBlob);
  const operator = book.operators.find((one) => one.keyBlob === keyBlob);
  if (operator === undefined) return refuse('unknownSigner');
  const digest = digestOf(bytes);
  if (counting(book.operators, change).some((one) => one.operatorId === operator.operatorId))
    return refuse('alreadySigned', { change: number, name: operator.name });
  return ok({ operator, digest });
}

/** Operators whose signatures count now: over the bytes of now, with the key they have now; everything is checked again. */
function counting(operators: readonly Operator[], change: Change): readonly Operator[] {
  const plan = planOf(change);
  if (plan === undefined) return [];
  const bytes = planBytes(plan);
  const digest = digestOf(bytes);
  return operators.filter((operator) =>
    change.approvals.some(
      (one) =>
        one.operatorId === operator.operatorId &&
        one.digest === digest &&
        one.key === operator.keyBlob &&
        isBy(operator, checkSignature(one.signature, { namespace: NAMESPACES.change, bytes })),
    ),
  );
}

function isBy(operator: Operator, checked: ReturnType<typeof checkSignature>): boolean {
  return checked.ok && toBase64(checked.value.keyBlob) === operator.keyBlob;
}

/** Whether an operator’s standing approval holds now. */
export function hasStanding(operator: Operator, instance: string): boolean {
  if (operator.standing === null || operator.role !== 'operator' || fromBase64(operator.keyBlob) === undefined)
    return false;
  const { signature } = operator.standing;
  return isBy(operator, checkSignature(signature, { namespace: NAMESPACES.standing, bytes: standingBytes(instance) }));
}

/** Where nobody is named, whoever installed the program has answered for what it brings. */
export function isForNobody({ draft }: Change): boolean {
  return draft.class === 'R0' || (draft.class === 'R1' && draft.content.kind === 'migration');
}

export function approvalState({ book }: Pick<ChangeParts, 'book'>, change: Change): ApprovalState {
  const plan = planOf(change);
  const { class: risk, cluster } = change.draft;
  const { operators } = book;
  const signers = counting(operators, change);
  const by = signers.map(({ name }) => name);
  const need = SIGNATURES[risk];
  const shared = { plan: plan === undefined ? undefined : new TextDecoder().decode(planBytes(plan)), need };
  const state = (isEnough: boolean, because: string, names = by): ApprovalState => ({
    ...shared,
    by: names,
    isEnough,
    because,
  });
  if (operators.length === 0 && isForNobody(change))
    return state(true, 'No operator is named yet, and it only adds, or came with the program.');
  if (risk === 'R0') {
    const standing = operators.filter((one) => hasStanding(one, cluster.instance));
    if (standing.length > 0 && by.length === 0)
      return state(
        true,
        'It only adds: a standing approval covers it.',
        standing.map(({ name }) => name),
      );
  }
  if (signers.length > 0 && !signers.some(({ role }) => role === 'operator'))
    return state(false, 'One of those who sign must be an operator; a second signs beside one.');
  if (signers.length >= need) return state(true, 'Signed.');
  if (risk !== 'R2' || signers.length === 0) return state(false, '');
  const leftMs = limits.change.alonePauseMs - change.waitedMs;
  if (leftMs <= 0) return state(true, 'Signed by one person, and 72 hours went by.');
  return state(
    false,
    `With one signature it may be applied in ${Math.ceil(leftMs / 3_600_000)} hours that this program runs.`,
  );
}

export function checkApprovals(
  parts: Pick<ChangeParts, 'book'>,
  change: Change,
): Result<readonly string[], ChangeRefusal> {
  const { by, need, isEnough, because } = approvalState(parts, change);
  if (isEnough) return ok(by);
  if (parts.book.operators.length === 0) return refuse('noOperators');
  return refuse('tooFew', { change: change.number, have: by.length, need, what: because === '' ? '' : ` ${because}` });
}
