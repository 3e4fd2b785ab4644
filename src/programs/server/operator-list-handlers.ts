// What the commands about operators do: the first is named by whoever reaches this socket, afterwards the list changes by a change.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { newId, type AccountId, type OperatorId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64 } from '#formats/base64/base64.ts';
import { formatSshKey, parseSshKeyLine } from '#formats/sshsig/ssh-key.ts';
import { hasStanding } from '#vault/safeguards/change/approve-change.ts';
import { checkSignature } from '#vault/safeguards/change/check-signature.ts';
import {
  findOperator,
  NAMESPACES,
  operatorContent,
  type Operator,
  type OperatorContent,
} from '#vault/safeguards/change/operators.ts';
import type { ChangeParts } from '#vault/safeguards/change/parts.ts';
import { digestOf, standingBytes } from '#vault/safeguards/change/plan.ts';
import { planChange } from '#vault/safeguards/change/plan-change.ts';
import { refuse, type ChangeRefusal } from '#vault/safeguards/change/refusals.ts';
import type { OperatorHandlers, OperatorRefusal, ParamsOf, ResultOf } from '../operator-methods.ts';
import { viewOf } from './change-handlers.ts';
import type { Vault } from './open-vault.ts';
import { findOwner, readAddress } from './operator-change.ts';

/** Read when this file is loaded: once rights are dropped the checkout may be closed to us. */
const procedure = readProcedure();

type Method = 'operator.list' | 'operator.add' | 'operator.remove' | 'operator.sign';

export interface OperatorListParts {
  readonly changes: ChangeParts;
  readonly vault: Vault;
  readonly domain: string;
  readonly instance: string;
}

export function createOperatorListHandlers(parts: OperatorListParts): Pick<OperatorHandlers, Method> {
  return {
    'operator.list': async () => ok(list(parts)),
    'operator.add': (wanted) => add(parts, wanted),
    'operator.remove': ({ name }) => remove(parts, name),
    'operator.sign': (wanted) => sign(parts, wanted),
  };
}

function list({ changes, instance }: OperatorListParts): ResultOf<'operator.list'> {
  const current = procedure && digestOf(procedure);
  return {
    procedure: current ?? null,
    operators: changes.book.operators.map((operator) => ({
      name: operator.name,
      role: operator.role,
      fingerprint: fingerprintOf(operator),
      hasMailbox: operator.accountId !== null,
      procedure: operator.procedure === null ? 'unsigned' : operator.procedure.sha256 === current ? 'current' : 'older',
      procedureMs: operator.procedure?.atMs ?? null,
      hasStanding: hasStanding(operator, instance),
    })),
  };
}

/** As `ssh-keygen -l` shows it. */
function fingerprintOf({ keyBlob }: Operator): string {
  const digest = createHash('sha256')
    .update(fromBase64(keyBlob) ?? new Uint8Array())
    .digest();
  return `SHA256:${toBase64(digest).replace(/=+$/, '')}`;
}

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} .'-]*[\p{L}\p{N}.])?$/u;

async function add(
  parts: OperatorListParts,
  wanted: ParamsOf<'operator.add'>,
): Promise<Result<ResultOf<'operator.add'>, ChangeRefusal | OperatorRefusal>> {
  const { changes } = parts;
  const read = await readContent(parts, wanted);
  if (!read.ok) return read;
  const operatorId = newId<OperatorId>();
  const { book } = changes;
  if (
    book.operators.length === 0 &&
    ![...book.changes.values()].some(({ draft }) => draft.content.kind === 'operators')
  ) {
    const named = await book.note({
      kind: 'operatorPut',
      effect: { operatorId, content: operatorContent(read.value) },
    });
    if (!named.ok) return named;
    await changes.people.tell({ subject: `${wanted.name} answers for changes`, text: FIRST });
    return ok({ change: null });
  }
  const planned = await planChange(changes, {
    kind: 'operators',
    put: [{ operatorId, content: read.value }],
    remove: [],
  });
  return planned.ok ? ok({ change: viewOf(changes, planned.value) }) : planned;
}

const FIRST =
  'You are the first operator of this house: changes that could lose something wait for your signature. Name a second one soon: some need two.';

async function readContent(
  parts: OperatorListParts,
  { name, sshKey, role, account }: ParamsOf<'operator.add'>,
): Promise<Result<OperatorContent, ChangeRefusal | OperatorRefusal>> {
  const { operators } = parts.changes.book;
  if (!NAME.test(name) || name.length > limits.change.nameCharacters) return refuse('badName');
  if (findOperator(operators, name) !== undefined) return refuse('operatorExists', { name });
  const key = parseSshKeyLine(sshKey);
  if (!key.ok) return refuse('badKey', { what: BAD_KEYS[key.error.kind] });
  const blob = toBase64(key.value.blob);
  const holder = operators.find(({ keyBlob }) => keyBlob === blob);
  if (holder !== undefined) return refuse('keyTaken', { name: holder.name });
  const accountId = account === undefined ? ok(null) : await findAccount(parts, account);
  if (!accountId.ok) return accountId;
  return ok({
    name,
    sshKey: formatSshKey(key.value),
    accountId: accountId.value,
    role,
    procedure: null,
    standing: null,
  });
}

const BAD_KEYS = {
  privateKey: 'That is a private key. It never leaves its owner; if this one was shown to others, make a new one.',
  notAKey: 'That is not an SSH public key.',
  unknownKind: 'Keys are Ed25519 (also on a security key), ECDSA P-256 or RSA.',
  weakKey: 'An RSA key has at least 2048 bits here.',
} as const;

async function findAccount(
  { vault, domain }: OperatorListParts,
  text: string,
): Promise<Result<AccountId, OperatorRefusal>> {
  const address = readAddress(text, domain);
  return address.ok ? findOwner(vault, address.value) : address;
}

async function remove(
  { changes }: OperatorListParts,
  name: string,
): Promise<Result<ResultOf<'operator.remove'>, ChangeRefusal>> {
  const { operators } = changes.book;
  const operator = findOperator(operators, name);
  if (operator === undefined) return refuse('unknownOperator', { name });
  if (operators.length === 1) return refuse('lastOperator');
  const { operatorId } = operator;
  const planned = await planChange(changes, {
    kind: 'operators',
    put: [],
    remove: [{ operatorId, name: operator.name }],
  });
  return planned.ok ? ok({ change: viewOf(changes, planned.value) }) : planned;
}

/** Neither gives anybody more than their key has already: so it needs no change. */
async function sign(
  { changes, instance }: OperatorListParts,
  { name, what, signature }: ParamsOf<'operator.sign'>,
): Promise<Result<ResultOf<'operator.sign'>, ChangeRefusal>> {
  const { book } = changes;
  const operator = findOperator(book.operators, name);
  if (operator === undefined) return refuse('unknownOperator', { name });
  const bytes = what === 'procedure' ? procedure : standingBytes(instance);
  if (bytes === undefined) return refuse('noProcedure');
  const text = new TextDecoder().decode(bytes);
  if (signature === undefined) return ok({ text, isSigned: false });
  const atMs = book.nowMs();
  const isTakenBack = what === 'standing' && signature === '';
  if (!isTakenBack) {
    const checked = checkSignature(signature, { namespace: NAMESPACES[what], bytes });
    if (!checked.ok)
      return refuse(checked.error.kind, {
        what: checked.error.kind === 'otherNamespace' ? checked.error.namespace : '',
      });
    if (toBase64(checked.value.keyBlob) !== operator.keyBlob) return refuse('unknownSigner');
  }
  const put: Partial<OperatorContent> =
    what === 'procedure'
      ? { procedure: { signature, atMs, sha256: digestOf(bytes) } }
      : { standing: isTakenBack ? null : { signature, atMs } };
  const content = operatorContent({ ...operator, ...put });
  const noted = await book.note({ kind: 'operatorPut', effect: { operatorId: operator.operatorId, content } });
  return noted.ok ? ok({ text, isSigned: !isTakenBack }) : noted;
}

function readProcedure(): Uint8Array | undefined {
  try {
    return readFileSync(new URL('../../../docs/guide/operations.md', import.meta.url));
  } catch {
    return undefined;
  }
}
