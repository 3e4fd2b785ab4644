// Email/set: keywords, places and removal of sealed letters; new ones are sealed at the door (RFC 8621 §4.6).

import { parseId, type LetterId, type MailboxId } from '#base/ids.ts';
import { ok } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { setShape, type SetArguments } from '#formats/jmap/standard-arguments.ts';
import { readLetters, type LetterRow } from '#vault/database/read-letters.ts';
import { readMailboxes } from '#vault/database/read-mailboxes.ts';
import type { LetterChange } from '#vault/journal/commands.ts';
import { beginSet } from '../begin-set.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, resolveId, type Call } from '../method.ts';
import { emailState } from '../states.ts';
import { keepAtDoor, type ClearLetter } from './keep-at-door.ts';
import { readEmailChange, type Places } from './read-email-change.ts';
import { readNewEmail } from './read-new-email.ts';
import { removeLetters } from './remove-letters.ts';

export const emailSet = changing('Email/set', MAIL, async (args, call) => {
  const begun = await beginSet(setShape, args, call, emailState);
  if (!begun.ok) return begun;
  const { value, before } = begun.value;
  const outcome = new SetOutcome();
  const run = new ChangeRun(call);
  const created = await keepAtDoor(readCreates(value, call), { call, run, outcome, before });
  if (!created.ok) return created;
  const work = await readWork(value, call, outcome);
  if (work.letters.length > 0) {
    const done = await run.commit({ kind: 'lettersChanged', effect: { letters: work.letters } });
    if (!done.ok) return done;
  }
  const removed = await removeLetters(run, call, work.doomed);
  if (!removed.ok) return removed;
  return ok(outcome.response(run.statesAround(before, 'emailModseq')));
});

function readCreates({ create }: SetArguments, call: Call): readonly ClearLetter[] {
  const { house, accountId } = call;
  const facts = {
    nowMs: house.clock.nowMs(),
    findUpload: (blobId: string) => house.uploads.find(accountId, blobId)?.bytes,
  };
  return Object.entries(create ?? {}).map(([creationId, members]) => {
    return { creationId, members, plainLetter: readNewEmail(members, facts) };
  });
}

interface Work {
  readonly letters: readonly LetterChange[];
  readonly doomed: readonly LetterRow[];
}

/** Checks every object; what stands goes into the outcome at once, because one command carries all of a kind. */
async function readWork(args: SetArguments, call: Call, outcome: SetOutcome): Promise<Work> {
  const { db } = call.house.reader;
  const updates = Object.entries(args.update ?? {});
  const named = [...updates.map(([key]) => key), ...(args.destroy ?? [])];
  const ids = named.map((key) => findId(key, call)).filter((id) => id !== undefined);
  const rows = new Map<string, LetterRow>();
  for (const row of await readLetters(db, call.accountId, [...new Set(ids)])) rows.set(row.id, row);
  const mailboxes = new Map<string, MailboxId>();
  if (updates.length > 0) for (const { id } of await readMailboxes(db, call.accountId)) mailboxes.set(id, id);
  const places: Places = { mailboxes, createdIds: call.createdIds };

  const doomed = new Map<LetterId, LetterRow>();
  for (const key of new Set(args.destroy ?? [])) {
    const row = rows.get(findId(key, call) ?? '');
    if (row === undefined) outcome.notDestroyed(key, { kind: 'notFound' });
    else {
      doomed.set(row.id, row);
      outcome.destroyed(row.id);
    }
  }
  const letters: LetterChange[] = [];
  for (const [key, update] of updates) {
    const row = rows.get(findId(key, call) ?? '');
    if (row === undefined) outcome.notUpdated(key, { kind: 'notFound' });
    else if (doomed.has(row.id)) outcome.notUpdated(key, { kind: 'willDestroy' });
    else {
      const change = readEmailChange(row, update, places);
      if (change.ok) {
        if (change.value !== undefined) letters.push(change.value);
        outcome.updated(row.id);
      } else outcome.notUpdated(key, change.error);
    }
  }
  return { letters, doomed: [...doomed.values()] };
}

function findId(key: string, call: Call): LetterId | undefined {
  return parseId<LetterId>(resolveId(key, call.createdIds));
}
