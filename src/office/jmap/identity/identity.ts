// Identity/get, /changes and /set: the account's own addresses; names and signatures are sealed items (RFC 8621 §6).

import { createHash } from 'node:crypto';
import type { AccountId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import { SUBMISSION } from '#formats/jmap/capabilities.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import {
  boundIds,
  boundSet,
  changesShape,
  getShape,
  pick,
  readArguments,
  readProperties,
  setShape,
} from '#formats/jmap/standard-arguments.ts';
import { readAddresses } from '#vault/database/read-states.ts';
import { changing, reading, type Call } from '../method.ts';
import { checkState } from '../states.ts';

const properties = ['id', 'name', 'email', 'replyTo', 'bcc', 'textSignature', 'htmlSignature', 'mayDelete'] as const;

interface Identities {
  readonly state: string;
  readonly byId: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** An address keeps its id for ever: the id is made of it. */
export function identityId(accountId: AccountId, address: string): string {
  return `I-${shortHash(`${accountId} ${address}`)}`;
}

async function readIdentities(call: Call): Promise<Identities> {
  const addresses = await readAddresses(call.house.reader.db, call.accountId);
  const byId = new Map<string, Readonly<Record<string, unknown>>>();
  for (const email of addresses) {
    const id = identityId(call.accountId, email);
    const sealed = { name: '', replyTo: null, bcc: null, textSignature: '', htmlSignature: '' };
    byId.set(id, { id, email, ...sealed, mayDelete: false });
  }
  return { state: shortHash(addresses.join(' ')), byId };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

export const identityGet = reading('Identity/get', SUBMISSION, async (args, call) => {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  const wanted = readProperties(read.value.properties, properties);
  if (!wanted.ok) return wanted;
  const { state, byId } = await readIdentities(call);
  const ids = boundIds(read.value.ids ?? [...byId.keys()]);
  if (!ids.ok) return ids;
  return ok({
    state,
    list: ids.value.flatMap((id) => pickAll(byId.get(id), wanted.value)),
    notFound: ids.value.filter((id) => !byId.has(id)),
  });
});

function pickAll(members: Readonly<Record<string, unknown>> | undefined, wanted: ReadonlySet<string>): unknown[] {
  return members === undefined ? [] : [pick(members, wanted)];
}

export const identityChanges = reading('Identity/changes', SUBMISSION, async (args, call) => {
  const read = readArguments(changesShape, args);
  if (!read.ok) return read;
  const { state } = await readIdentities(call);
  if (read.value.sinceState !== state) return err({ kind: 'cannotCalculateChanges' });
  const nothing = { created: [], updated: [], destroyed: [] };
  return ok({ oldState: state, newState: state, hasMoreChanges: false, ...nothing });
});

export const identitySet = changing('Identity/set', SUBMISSION, async (args, call) => {
  const read = readArguments(setShape, args);
  if (!read.ok) return read;
  const bounded = boundSet(read.value);
  if (!bounded.ok) return bounded;
  const { state, byId } = await readIdentities(call);
  const current = checkState(read.value.ifInState, state);
  if (!current.ok) return current;
  const outcome = new SetOutcome();
  const notFound: SetError = { kind: 'notFound' };
  const sealed: SetError = {
    kind: 'forbidden',
    description: 'Names and signatures are sealed: keep them in SealedItem, collection identities.',
  };
  const fixed: SetError = { kind: 'forbidden', description: 'Addresses are given and taken by the operator.' };
  for (const creationId of Object.keys(read.value.create ?? {})) {
    outcome.notCreated(creationId, { kind: 'forbiddenFrom', description: 'Addresses are given by the operator.' });
  }
  for (const id of Object.keys(read.value.update ?? {})) outcome.notUpdated(id, byId.has(id) ? sealed : notFound);
  for (const id of read.value.destroy ?? []) outcome.notDestroyed(id, byId.has(id) ? fixed : notFound);
  return ok(outcome.response({ oldState: state, newState: state }));
});
