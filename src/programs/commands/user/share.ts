// `siegel user share create|list|accept|add|remove|leave`: mailboxes that several people hold.

import { systemClock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { addHolder, leaveShared, removeHolder } from '#web/client/holders/change-holders.ts';
import { makeShared } from '#web/client/holders/make-shared.ts';
import { acceptShared, readShared } from '#web/client/holders/shared-mailboxes.ts';
import { makeMailbox } from '#web/client/entry.ts';
import { createHttpDoor } from '#web/client/http-door.ts';
import type { SharedMailbox } from '#web/shared.ts';
import type { CommandRefusal, Outcome, Run } from '../../command.ts';
import { refusedShared } from './sentences.ts';
import { reachServer, whileSignedIn, type SignedInCall } from './signed-in.ts';

type Work = (of: SignedInCall) => Promise<Outcome>;

export const run: Run = async (call) => {
  const work = workFor(call.operands);
  return work === undefined
    ? err({
        kind: 'misused',
        sentence:
          'say what to do: create NAME, list, accept MAILBOX, add MAILBOX PERSON, remove MAILBOX PERSON or leave MAILBOX.',
      })
    : whileSignedIn(call, work);
};

function workFor([action = '', mailbox, person]: readonly string[]): Work | undefined {
  if (action === 'list' && mailbox === undefined) return list;
  if (mailbox === undefined) return undefined;
  if (action === 'create' && person === undefined) return (of) => create(of, mailbox);
  if (action === 'accept' && person === undefined) return (of) => accept(of, mailbox);
  if (action === 'leave' && person === undefined) return (of) => leave(of, mailbox);
  if (action === 'add' && person !== undefined) return (of) => add(of, mailbox, person);
  if (action === 'remove' && person !== undefined) return (of) => remove(of, mailbox, person);
  return undefined;
}

async function list({ session }: SignedInCall): Promise<Outcome> {
  const read = await readShared(session);
  if (!read.ok) return refusedShared(read.error);
  const lines = read.value.map(({ address, isAccepted, holders }) => {
    const people = holders.map((one) => `${one.address}${one.hasLeft ? ' (left)' : ''}`).join(', ');
    return `${address}${isAccepted ? '' : '  (offered: take it up with accept)'}  ${people}`;
  });
  return ok({ json: { mailboxes: read.value }, text: lines.length === 0 ? 'There are none.' : lines.join('\n') });
}

async function create({ call, session }: SignedInCall, localPart: string): Promise<Outcome> {
  const code = call.options['invite']?.split('/').at(-1);
  if (code === undefined)
    return err({ kind: 'misused', sentence: 'add --invite CODE: siegel invite create makes one.' });
  // cookies of its own: the sign-up of the new mailbox must not take this session's place
  const entrance = reachServer(call);
  if (!entrance.ok) return entrance;
  const door = createHttpDoor(entrance.value.reach);
  const made = await makeShared({ session, clock: systemClock }, (of) => makeMailbox(door, systemClock, of), {
    code,
    localPart,
  });
  if (!made.ok) return refusedShared(made.error);
  const { address, accountId } = made.value;
  return ok({ json: { address, accountId }, text: `${address} is there, and you hold it. Add others with add.` });
}

async function accept({ session }: SignedInCall, mailbox: string): Promise<Outcome> {
  const box = await findBox(session, mailbox);
  if (!box.ok) return box;
  const done = await acceptShared(session, box.value.accountId);
  if (!done.ok) return refusedShared(done.error);
  return ok({ json: { address: box.value.address }, text: `${box.value.address} now stands beside your own mailbox.` });
}

async function add({ session }: SignedInCall, mailbox: string, person: string): Promise<Outcome> {
  const box = await findBox(session, mailbox);
  if (!box.ok) return box;
  const done = await addHolder({ session, clock: systemClock }, box.value.accountId, person);
  if (!done.ok) return refusedShared(done.error);
  return ok({
    json: { address: box.value.address, person },
    text: `${box.value.address} is offered to ${person}, who still has to take it up.`,
  });
}

async function remove({ session }: SignedInCall, mailbox: string, person: string): Promise<Outcome> {
  const box = await findBox(session, mailbox);
  if (!box.ok) return box;
  const holder = box.value.holders.find((one) => one.address === person.toLowerCase());
  if (!holder) return refusedShared({ kind: 'gone' });
  const done = await removeHolder({ session, clock: systemClock }, box.value.accountId, holder.accountId);
  if (!done.ok) return refusedShared(done.error);
  return ok({
    json: { address: box.value.address, person },
    text: `${person} opens ${box.value.address} no more; it has new keys. What could be read before may have been kept.`,
  });
}

async function leave({ session }: SignedInCall, mailbox: string): Promise<Outcome> {
  const box = await findBox(session, mailbox);
  if (!box.ok) return box;
  const done = await leaveShared({ session, clock: systemClock }, box.value.accountId);
  if (!done.ok) return refusedShared(done.error);
  return ok({
    json: { address: box.value.address },
    text: `You open ${box.value.address} no more. It gets new keys when one of the others opens it.`,
  });
}

async function findBox(
  session: SignedInCall['session'],
  mailbox: string,
): Promise<Result<SharedMailbox, CommandRefusal>> {
  const read = await readShared(session);
  if (!read.ok) return refusedShared(read.error);
  const box = read.value.find((one) => one.address === mailbox.toLowerCase() || one.accountId === mailbox);
  return box ? ok(box) : refusedShared({ kind: 'gone' });
}
