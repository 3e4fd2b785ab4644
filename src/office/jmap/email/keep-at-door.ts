// Letters of one's own that a stock client hands in: sealed at once as a letter that comes by SMTP is, and clear in memory for a quarter of an hour, so that they can be sent (decision 0013).

import { newId, type LetterId, type MailboxId, type TraceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { MethodError, SetError } from '#formats/jmap/errors.ts';
import { readKeywords } from '#formats/jmap/keyword.ts';
import { readMembers } from '#formats/jmap/patch.ts';
import type { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { readOutgoing } from '#formats/message/outgoing-letter.ts';
import { ownAddressTest } from '#formats/smtp/own-address.ts';
import { readLetterChanges, readLetters } from '#vault/database/read-letters.ts';
import { readMailboxes } from '#vault/database/read-mailboxes.ts';
import { readAddresses, type AccountStates } from '#vault/database/read-states.ts';
import { refusedChange } from '../change-door.ts';
import type { ChangeRun } from '../change-run.ts';
import { resolveId, type Call, type Members, type Sending } from '../method.ts';
import { letterBlobId } from './blob-ids.ts';

const clearLetterRefusal: SetError = {
  kind: 'forbidden',
  description: 'This house takes no letters from clients in the clear: seal it in the client, or send it by SMTP.',
};
const foreignRefusal: SetError = {
  kind: 'forbidden',
  description: 'Only letters of your own, From one of your addresses: letters of others come by SMTP.',
};

/** What is asked of each object: where it goes, and the letter. */
export interface ClearLetter {
  readonly creationId: string;
  readonly members: Members;
  readonly plainLetter: Result<Uint8Array, SetError>;
}

/** Keeps one after the other; what became of each stands in the outcome, and the change in the run. */
export async function keepAtDoor(
  letters: readonly ClearLetter[],
  at: { readonly call: Call; readonly run: ChangeRun; readonly outcome: SetOutcome; readonly before: AccountStates },
): Promise<Result<void, MethodError>> {
  const { call, run, outcome, before } = at;
  const keeper = letters.length === 0 ? undefined : await createKeeper(call);
  const kept = new Map<LetterId, string>();
  for (const { creationId, members, plainLetter } of letters) {
    const id = keeper && plainLetter.ok ? await keeper.keep(plainLetter.value, members) : undefined;
    if (id?.ok === true) kept.set(id.value, creationId);
    else if (id?.error.kind === 'unavailable') return err(refused(kept.size > 0));
    else if (keeper === undefined || plainLetter.ok) outcome.notCreated(creationId, id?.error ?? clearLetterRefusal);
    else outcome.notCreated(creationId, plainLetter.error);
  }
  if (kept.size === 0) return ok(undefined);
  const settled = await call.house.door.settled(call.accountId);
  if (!settled.ok) return err(refusedChange(settled.error));
  const { db } = call.house.reader;
  for (const row of await readLetters(db, call.accountId, [...kept.keys()])) {
    const creationId = kept.get(row.id) ?? '';
    call.createdIds.set(creationId, row.id);
    const blobId = letterBlobId({ renderVersion: row.renderVersion, letterId: row.id, part: undefined });
    outcome.created(creationId, { id: row.id, blobId, threadId: row.id, size: row.sizeBytes });
  }
  const since = { modseq: before.emailModseq, untilId: undefined };
  for (const row of await readLetterChanges(db, call.accountId, since, limits.jmap.changesMax)) {
    if (kept.has(row.id as LetterId)) run.note(row.createdModseq);
  }
  return ok(undefined);
}

function refused(isPartial: boolean): MethodError {
  return isPartial ? { kind: 'serverPartialFail' } : refusedChange({ kind: 'unavailable' });
}

/** undefined: this house does not seal what clients hand in. */
async function createKeeper(call: Call): Promise<Keeper | undefined> {
  const sealing = call.house.sending?.keepOwnCopy;
  if (sealing === undefined) return undefined;
  const { db } = call.house.reader;
  const mailboxes = new Map<string, MailboxId>();
  for (const { id } of await readMailboxes(db, call.accountId)) mailboxes.set(id, id);
  return new Keeper(call, sealing, { mailboxes, own: await readAddresses(db, call.accountId) });
}

type KeepError = SetError | { readonly kind: 'unavailable' };

class Keeper {
  readonly #call: Call;
  readonly #seal: NonNullable<Sending['keepOwnCopy']>;
  readonly #mailboxes: ReadonlyMap<string, MailboxId>;
  readonly #isOwn: (address: string) => boolean;

  constructor(
    call: Call,
    seal: NonNullable<Sending['keepOwnCopy']>,
    of: { readonly mailboxes: ReadonlyMap<string, MailboxId>; readonly own: readonly string[] },
  ) {
    this.#call = call;
    this.#seal = seal;
    this.#mailboxes = of.mailboxes;
    this.#isOwn = ownAddressTest(of.own);
  }

  async keep(plainLetter: Uint8Array, members: Members): Promise<Result<LetterId, KeepError>> {
    const { accountId, createdIds, house } = this.#call;
    const [only, ...others] = readMembers(members['mailboxIds']) ?? [];
    const mailboxId = this.#mailboxes.get(resolveId(only ?? '', createdIds) ?? '');
    if (mailboxId === undefined || others.length > 0) {
      return err({ kind: 'invalidProperties', properties: ['mailboxIds'], description: 'Exactly one that is there.' });
    }
    const keywords = readKeywords(members['keywords'] ?? {});
    if (!keywords.ok) return keywords;
    const letter = readOutgoing(plainLetter, this.#isOwn);
    if (!letter.ok) {
      return err(
        letter.error.kind === 'foreignAuthor'
          ? foreignRefusal
          : { kind: 'invalidEmail', properties: letter.error.fields },
      );
    }
    const letterId = newId<LetterId>();
    const mailFrom = letter.value.view.from[0]?.address ?? '';
    const place = { mailboxId, keywords: keywords.value };
    const plainSinceMs = house.clock.nowMs();
    const sealed = await this.#seal({
      traceId: newId<TraceId>(),
      accountId,
      letterId,
      mailFrom,
      plainLetter,
      plainSinceMs,
      ...place,
    });
    if (sealed !== 'kept') return err(explain(sealed));
    house.uploads.keepDraft(accountId, letterId, new Uint8Array(plainLetter));
    return ok(letterId);
  }
}

function explain(outcome: string): KeepError {
  switch (outcome) {
    case 'overQuota':
    case 'tooLarge':
      return { kind: outcome };
    case 'loop':
      return { kind: 'invalidEmail', description: 'The letter went round in circles.' };
    default:
      return { kind: 'unavailable' };
  }
}
