// `siegel user alias add|list|remove`: addresses a person gives themselves.

import { err, ok } from '#base/result.ts';
import { addAlias, readAddresses, removeAlias } from '#web/client/aliases.ts';
import type { Outcome, Run } from '../../command.ts';
import { refusedAlias } from './sentences.ts';
import { whileSignedIn, type SignedInCall } from './signed-in.ts';

export const run: Run = async (call) => {
  const [action = '', alias] = call.operands;
  const work = workFor(action, alias);
  return work === undefined
    ? err({ kind: 'misused', sentence: 'say what to do: add ALIAS, list, or remove ALIAS.' })
    : whileSignedIn(call, work);
};

function workFor(action: string, alias: string | undefined): ((of: SignedInCall) => Promise<Outcome>) | undefined {
  if (action === 'list' && alias === undefined) return list;
  if (action === 'add' && alias !== undefined) return (of) => add(of, alias);
  if (action === 'remove' && alias !== undefined) return (of) => remove(of, alias);
  return undefined;
}

async function list({ session }: SignedInCall): Promise<Outcome> {
  const read = await readAddresses(session);
  if (!read.ok) return refusedAlias(read.error);
  const { addresses, left } = read.value;
  const lines = addresses.map(({ address, isAlias }) => (isAlias ? `${address}  alias` : address));
  return ok({ json: read.value, text: [...lines, `${left} more possible.`].join('\n') });
}

async function add({ session }: SignedInCall, alias: string): Promise<Outcome> {
  const added = await addAlias(session, alias);
  if (!added.ok) return refusedAlias(added.error);
  const { address } = added.value;
  return ok({ json: { address }, text: `Letters to ${address} now arrive here, and you can write from it.` });
}

async function remove({ session }: SignedInCall, address: string): Promise<Outcome> {
  const removed = await removeAlias(session, address);
  if (!removed.ok) return refusedAlias(removed.error);
  const text = `${address} takes no letters any more. It stays yours: nobody else ever gets it.`;
  return ok({ json: { address }, text });
}
