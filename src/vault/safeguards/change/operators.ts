// Who may answer for changes: names, SSH keys, roles, the procedure each has signed; read from the register (decision 0015).

import * as v from 'valibot';
import type { AccountId, OperatorId } from '#base/ids.ts';
import { isId } from '#base/ids.ts';
import { toBase64 } from '#formats/base64/base64.ts';
import { parseSshKeyLine } from '#formats/sshsig/ssh-key.ts';
import type { RegisterEntry } from '../../directory/directory.ts';
import type { JsonObject } from '../../journal/commands.ts';

/** `second`: signs beside others, gives no standing approval. */
export const operatorRoles = ['operator', 'second'] as const;
export type OperatorRole = (typeof operatorRoles)[number];

const signed = v.object({ signature: v.string(), atMs: v.number() });
const contentShape = v.object({
  name: v.string(),
  /** Kind and base64, without a comment. */
  sshKey: v.string(),
  accountId: v.nullable(v.custom<AccountId>((value) => typeof value === 'string' && isId(value))),
  role: v.picklist(operatorRoles),
  /** The text of docs/guide/operations.md that was signed last. */
  procedure: v.nullable(v.object({ ...signed.entries, sha256: v.string() })),
  /** Additive changes need no further signature while this stands. */
  standing: v.nullable(signed),
});
export type OperatorContent = v.InferOutput<typeof contentShape>;

export interface Operator extends OperatorContent {
  readonly operatorId: OperatorId;
  /** Base64 of the key's blob. */
  readonly keyBlob: string;
}

/** Namespaces of signatures: one made for one of them says nothing in the others. */
export const NAMESPACES = {
  change: 'siegel-change',
  procedure: 'siegel-procedure',
  standing: 'siegel-standing',
} as const;

/** An entry that cannot be read is passed over: it can approve nothing. */
export function readOperators(entries: readonly RegisterEntry[]): readonly Operator[] {
  return entries.flatMap(({ id, content }) => {
    const read = v.safeParse(contentShape, content);
    const key = read.success ? parseSshKeyLine(read.output.sshKey) : undefined;
    if (!read.success || key?.ok !== true) return [];
    // the register is keyed by what `operatorPut` was given
    return [{ ...read.output, operatorId: id as OperatorId, keyBlob: toBase64(key.value.blob) }];
  });
}

export function operatorContent(content: OperatorContent): JsonObject {
  const { name, sshKey, accountId, role, procedure, standing } = content;
  return { name, sshKey, accountId, role, procedure, standing };
}

/** Names are told apart without case, so that nobody is taken for another. */
export function findOperator(operators: readonly Operator[], name: string): Operator | undefined {
  return operators.find((one) => one.name.toLowerCase() === name.toLowerCase());
}
