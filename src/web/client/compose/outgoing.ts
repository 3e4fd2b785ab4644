// Who gets which bytes: everybody with a key one sealed letter, everybody without one in the clear, each hidden copy a letter of its own (decision 0013).

import type { Person } from '../../backend.ts';
import type { Draft, SendRefusal } from '../../writing.ts';
import type { RecipientKey } from '../contacts/recipient-keys.ts';
import type { Group } from './draft-item.ts';
import { limits } from '#base/limits.ts';

export interface Recipients {
  /** Each once: who is named openly is not hidden as well. */
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
}

export function recipientsOf(draft: Pick<Draft, 'to' | 'cc' | 'bcc'>): Recipients {
  const seen = new Set<string>();
  const once = (list: readonly Person[]): readonly Person[] =>
    list
      .map(({ name, address }) => ({ name, address: address.trim() }))
      .filter(({ address }) => address !== '' && !seen.has(address.toLowerCase()) && seen.add(address.toLowerCase()));
  return { to: once(draft.to), cc: once(draft.cc), bcc: once(draft.bcc) };
}

export function everybody({ to, cc, bcc }: Recipients): readonly Person[] {
  return [...to, ...cc, ...bcc];
}

/** Undefined when it may go: nobody unknown, no changed key, nobody unsealed whom the button did not name. */
export function refusalOf(
  recipients: Recipients,
  keys: readonly RecipientKey[],
  unsealed: readonly string[],
): SendRefusal | undefined {
  const count = everybody(recipients).length;
  if (count === 0) return { kind: 'no-recipient' };
  const { recipientsMax, bccMax } = limits.compose;
  if (count > recipientsMax || recipients.bcc.length > bccMax) return { kind: 'too-many-recipients' };
  const named = new Set(unsealed.map((address) => address.trim().toLowerCase()));
  const addresses = (is: (key: RecipientKey) => boolean): readonly string[] =>
    keys.filter(is).map(({ address }) => address);
  const unknown = addresses((key) => !key.deliverable);
  if (unknown.length > 0) return { kind: 'unknown-recipients', addresses: unknown };
  if (count > 1 && keys.some(({ reason }) => reason === 'documents')) return { kind: 'documents-alone' };
  const changed = addresses((key) => key.state === 'changed');
  if (changed.length > 0) return { kind: 'key-changed', addresses: changed };
  const open = addresses((key) => key.certificate === undefined && !named.has(key.address.toLowerCase()));
  return open.length > 0 ? { kind: 'would-be-unsealed', addresses: open } : undefined;
}

/** Without those an earlier attempt reached. Each address is in exactly one group. */
export function groupsOf(recipients: Recipients, keys: readonly RecipientKey[], reached: readonly string[]): Group[] {
  const done = new Set(reached.map((address) => address.toLowerCase()));
  const sealed = new Set(keys.filter((key) => key.certificate).map(({ address }) => address.toLowerCase()));
  const left = (list: readonly Person[]): readonly string[] =>
    list.map(({ address }) => address).filter((address) => !done.has(address.toLowerCase()));
  const isSealed = (address: string): boolean => sealed.has(address.toLowerCase());
  const open = left([...recipients.to, ...recipients.cc]);
  const groups: Group[] = [
    { addresses: open.filter(isSealed), isSealed: true },
    { addresses: open.filter((address) => !isSealed(address)), isSealed: false },
    ...left(recipients.bcc).map((address) => ({ addresses: [address], isSealed: isSealed(address) })),
  ];
  return groups.filter(({ addresses }) => addresses.length > 0);
}
