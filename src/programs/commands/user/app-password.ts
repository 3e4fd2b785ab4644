// `siegel user app-password create|list|remove`: what a mail program signs in with, and may only send with.

import { parseId, type AppPasswordId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import type { AppPassword } from '#web/backend.ts';
import { makeAppPassword, readAppPasswords, removeAppPassword } from '#web/client/app-passwords.ts';
import type { Outcome, Run } from '../../command.ts';
import { refusedChange } from './sentences.ts';
import { whileSignedIn, type SignedInCall } from './signed-in.ts';

export const run: Run = async (call) => {
  const [action = '', operand] = call.operands;
  const work = workFor(action, operand);
  return work === undefined
    ? err({ kind: 'misused', sentence: 'say what to do: create NAME, list, or remove ID.' })
    : whileSignedIn(call, work);
};

function workFor(action: string, operand: string | undefined): ((of: SignedInCall) => Promise<Outcome>) | undefined {
  const id = parseId<AppPasswordId>(operand);
  if (action === 'list' && operand === undefined) return list;
  if (action === 'create' && operand !== undefined) return (of) => create(of, operand);
  if (action === 'remove' && id !== undefined) return (of) => remove(of, id);
  return undefined;
}

async function create({ session, signedIn }: SignedInCall, plainName: string): Promise<Outcome> {
  const made = await makeAppPassword(session, plainName);
  if (!made.ok) return refusedChange(made.error);
  const { id, plainSecret } = made.value;
  const { address } = signedIn.session;
  const text = [
    `Sign in with ${address} and`,
    `  ${plainSecret}`,
    'It is shown once. It can only send; it opens no letter.',
  ].join('\n');
  return ok({ json: { id, address, appPassword: plainSecret }, text });
}

async function list({ session }: SignedInCall): Promise<Outcome> {
  const read = await readAppPasswords(session);
  if (!read.ok) return refusedChange(read.error);
  const text = read.value.length === 0 ? 'There are none.' : read.value.map(lineOf).join('\n');
  return ok({ json: { appPasswords: read.value }, text });
}

function lineOf({ id, name, createdMs, usedMs }: AppPassword): string {
  const used = usedMs === undefined ? 'never used' : `last used ${day(usedMs)}`;
  return `${id}  made ${day(createdMs)}, ${used}  ${name}`;
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

async function remove({ session }: SignedInCall, id: AppPasswordId): Promise<Outcome> {
  const removed = await removeAppPassword(session, id);
  return removed.ok
    ? ok({ json: { id }, text: 'It no longer works; connections that used it have ended.' })
    : refusedChange(removed.error);
}
