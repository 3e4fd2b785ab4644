// SealedEmail/set: letters a client sealed itself, which never passed the door: Sent copies and drafts (decision 0013).

import { hash } from 'node:crypto';
import { idToBytes, type LetterId, type MailboxId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import type { MethodError, SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { setShape, type SetArguments } from '#formats/jmap/standard-arguments.ts';
import { readLetters, readTakenLetterIds, type LetterRow } from '#vault/database/read-letters.ts';
import { readMailboxes } from '#vault/database/read-mailboxes.ts';
import type { AccountStates } from '#vault/database/read-states.ts';
import { RENDER_VERSION, renderedSizeBytes } from '#vault/sealing/render.ts';
import { beginSet } from '../begin-set.ts';
import { ChangeRun, type LetterToKeep } from '../change-run.ts';
import { letterBlobId } from '../email/blob-ids.ts';
import { removeLetters } from '../email/remove-letters.ts';
import { changing, resolveId, type Call } from '../method.ts';
import { emailState } from '../states.ts';
import { readSealedEmail, type NewSealedEmail } from './read-sealed-email.ts';

const byEmailSet: SetError = {
  kind: 'forbidden',
  description: 'Flags, places and removal of letters: Email/set. Another text is another letter.',
};

export const sealedEmailSet = changing('SealedEmail/set', SEALED, async (args, call) => {
  const begun = await beginSet(setShape, args, call, emailState);
  if (!begun.ok) return begun;
  const { value, before } = begun.value;
  const outcome = new SetOutcome();
  for (const id of Object.keys(value.update ?? {})) outcome.notUpdated(id, byEmailSet);
  for (const id of value.destroy ?? []) outcome.notDestroyed(id, byEmailSet);
  const work = await readWork(value, call, before, outcome);
  const run = new ChangeRun(call);
  const done = await keepAll(run, work, call, outcome);
  return done.ok ? ok(outcome.response(run.statesAround(before, 'emailModseq'))) : done;
});

interface Kept {
  readonly creationId: string;
  readonly letter: NewSealedEmail;
  readonly sizeBytes: number;
  readonly replaced: LetterRow | undefined;
}

/** Checks every object against the rows and against those before it in the same call. */
async function readWork(
  args: SetArguments,
  call: Call,
  states: AccountStates,
  outcome: SetOutcome,
): Promise<readonly Kept[]> {
  const { db } = call.house.reader;
  const mailboxes = new Map<string, MailboxId>();
  for (const { id } of await readMailboxes(db, call.accountId)) mailboxes.set(id, id);
  const facts = {
    nowMs: call.house.clock.nowMs(),
    findUpload: (blobId: string) => call.house.uploads.find(call.accountId, blobId)?.bytes,
    findMailbox: (text: string) => mailboxes.get(resolveId(text, call.createdIds) ?? ''),
  };
  const wanted: { readonly creationId: string; readonly letter: NewSealedEmail }[] = [];
  for (const [creationId, members] of Object.entries(args.create ?? {})) {
    const letter = readSealedEmail(members, facts);
    if (letter.ok) wanted.push({ creationId, letter: letter.value });
    else outcome.notCreated(creationId, letter.error);
  }
  const taken = new Set<LetterId>(
    await readTakenLetterIds(
      db,
      call.accountId,
      wanted.map(({ letter }) => letter.letterId),
    ),
  );
  const former = new Map<LetterId, LetterRow>();
  const replaced = wanted.map(({ letter }) => letter.replaces).filter((id) => id !== undefined);
  for (const row of await readLetters(db, call.accountId, replaced)) former.set(row.id, row);
  const fitting = new Fitting(taken, former, states.quotaBytes - states.usedBytes);
  return wanted.flatMap(({ creationId, letter }) => {
    const fits = fitting.take(letter);
    if (fits.ok) return [{ creationId, letter, ...fits.value }];
    outcome.notCreated(creationId, fits.error);
    return [];
  });
}

/** What is left of ids, of letters to replace, and of room, from one object to the next. */
class Fitting {
  readonly #taken: Set<LetterId>;
  readonly #former: Map<LetterId, LetterRow>;
  #roomBytes: number;

  constructor(taken: Set<LetterId>, former: Map<LetterId, LetterRow>, roomBytes: number) {
    this.#taken = taken;
    this.#former = former;
    this.#roomBytes = roomBytes;
  }

  take(letter: NewSealedEmail): Result<Pick<Kept, 'sizeBytes' | 'replaced'>, SetError> {
    if (this.#taken.has(letter.letterId)) return invalid('letterId', 'The id is or was in use.');
    const replaced = letter.replaces === undefined ? undefined : this.#former.get(letter.replaces);
    if (letter.replaces !== undefined && replaced === undefined) {
      return invalid('replaces', 'It is gone: somebody replaced or removed it.');
    }
    const sizeBytes = renderedSizeBytes(RENDER_VERSION, letter.keyPacket.length, letter.packet.length);
    // what it replaces makes room only after it is kept
    if (sizeBytes > this.#roomBytes) return err({ kind: 'overQuota' });
    this.#roomBytes -= sizeBytes;
    this.#taken.add(letter.letterId);
    if (replaced !== undefined) this.#former.delete(replaced.id);
    return ok({ sizeBytes, replaced });
  }
}

function invalid(property: string, description: string): Result<never, SetError> {
  return err({ kind: 'invalidProperties', properties: [property], description });
}

/** First all new letters, then what they replace goes: a stop in between leaves both, never none. */
async function keepAll(
  run: ChangeRun,
  work: readonly Kept[],
  call: Call,
  outcome: SetOutcome,
): Promise<Result<void, MethodError>> {
  const kept = await run.keepLetters(work.map((one) => letterToKeep(one, call)));
  if (!kept.ok) return kept;
  for (const { creationId, letter, sizeBytes } of work) {
    const { letterId } = letter;
    call.createdIds.set(creationId, letterId);
    const blobId = letterBlobId({ renderVersion: RENDER_VERSION, letterId, part: undefined });
    outcome.created(creationId, { id: letterId, blobId, threadId: letterId, size: sizeBytes });
  }
  return removeLetters(
    run,
    call,
    work.map(({ replaced }) => replaced).filter((row) => row !== undefined),
  );
}

function letterToKeep({ letter, sizeBytes }: Kept, { house }: Call): LetterToKeep {
  const { packet, replaces: _, ...sealed } = letter;
  const packetDigest = hash('sha256', packet, 'buffer');
  const element = house.ledgerElement(idToBytes(letter.letterId), packetDigest);
  const rendered = { renderVersion: RENDER_VERSION, renderSizeBytes: sizeBytes };
  return { packet, packetDigest, record: { ...sealed, ...rendered, element, expiresMs: 0, wrapping: 0 } };
}
