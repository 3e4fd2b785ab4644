// EmailSubmission/set: hands letters to the queue, takes them back while they wait, changes the Sent copy behind them (RFC 8621 §7.5).

import * as v from 'valibot';
import { unreachable } from '#base/assert.ts';
import { idToBytes, newId, parseId, type LetterId, type SubmissionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { SUBMISSION } from '#formats/jmap/capabilities.ts';
import type { MethodError, SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { idOrReference, jsonObject, setShape } from '#formats/jmap/standard-arguments.ts';
import { stateAt } from '#formats/jmap/state.ts';
import { formatUtcDate } from '#formats/jmap/utc-date.ts';
import type { SubmitRefusal } from '#post/delivery/outbox.ts';
import { readPresentLetters } from '#vault/database/read-letters.ts';
import { readAddresses, type AccountStates } from '#vault/database/read-states.ts';
import { readSubmissionChanges, readSubmissions, type SubmissionRow } from '#vault/database/read-submissions.ts';
import { beginSet } from '../begin-set.ts';
import { refusedChange } from '../change-door.ts';
import { identityId } from '../identity/identity.ts';
import { resolveId, type Call, type Members, type Method, type MethodResult, type Sending } from '../method.ts';
import { submissionState } from '../states.ts';
import { handInDocuments, isForDocuments } from './hand-in-documents.ts';
import { readSubmission, type NewSubmission, type SubmissionFacts } from './read-submission.ts';

const shape = v.strictObject({
  ...setShape.entries,
  onSuccessUpdateEmail: v.nullish(jsonObject),
  onSuccessDestroyEmail: v.nullish(v.array(idOrReference)),
});
type Arguments = v.InferOutput<typeof shape>;

const notSending: SetError = { kind: 'forbiddenToSend', description: 'This house does not send letters.' };
const lasting: SetError = {
  kind: 'forbidden',
  description: 'What was sent stays told; to take a letter back set undoStatus to canceled.',
};

export const submissionSet: Method = {
  name: 'EmailSubmission/set',
  capability: SUBMISSION,
  hasAccount: true,
  // what changes rows takes its own turn below: documents are awaited before it, and hold up nothing of the account
  isChange: false,
  async run(args, call) {
    const begun = await beginSet(shape, args, call, submissionState);
    if (!begun.ok) return begun;
    const run = new SubmissionRun(call);
    const left = await run.handInDocuments(begun.value.value.create ?? {});
    const rest = { ...args, create: left, ...(run.hasHandedIn ? { ifInState: null } : {}) };
    return call.house.queue.run(call.accountId, () => setInTurn(run, rest, call));
  },
};

async function setInTurn(run: SubmissionRun, args: Members, call: Call): Promise<MethodResult> {
  const begun = await beginSet(shape, args, call, submissionState);
  if (!begun.ok) return begun;
  const { value, before } = begun.value;
  const { create, update, destroy } = value;
  for (const id of destroy ?? []) run.outcome.notDestroyed(id, lasting);
  for (const work of [() => run.createAll(create ?? {}), () => run.cancelAll(update ?? {})]) {
    const done = await work();
    if (!done.ok) return done;
  }
  return finish(run, value, before, call);
}

/** The answer, and the calls that follow from it. What the queue took is told even when the rows are behind: sent again, it would leave twice. */
async function finish(run: SubmissionRun, args: Arguments, before: AccountStates, call: Call): Promise<MethodResult> {
  const isSettled = run.touched.size === 0 || (await call.house.door.settled(call.accountId)).ok;
  followUp(run, args, call);
  const oldState = submissionState(before);
  const states = isSettled ? await statesAround(run, before, call) : { oldState, newState: oldState };
  return ok(run.outcome.response(states));
}

/** What is to happen to the letters of submissions that succeeded: one Email/set behind this call. */
function followUp(run: SubmissionRun, { onSuccessUpdateEmail, onSuccessDestroyEmail }: Arguments, call: Call): void {
  const update = new Map<string, unknown>();
  for (const [key, patch] of Object.entries(onSuccessUpdateEmail ?? {})) {
    const letterId = run.letterOf(key);
    if (letterId !== undefined) update.set(letterId, patch);
  }
  const destroy = (onSuccessDestroyEmail ?? []).map((key) => run.letterOf(key)).filter((id) => id !== undefined);
  if (update.size === 0 && destroy.length === 0) return;
  call.following.push({
    name: 'Email/set',
    args: {
      accountId: call.accountId,
      ...(update.size > 0 ? { update: Object.fromEntries(update) } : {}),
      ...(destroy.length > 0 ? { destroy } : {}),
    },
  });
}

/**
 * A client takes the new state for its own without asking, so nothing else may lie between: when an answer of a peer for
 * another letter came meanwhile, both states are the old one and the client asks for everything.
 */
async function statesAround(
  run: SubmissionRun,
  before: AccountStates,
  call: Call,
): Promise<{ readonly oldState: string; readonly newState: string }> {
  const oldState = submissionState(before);
  if (run.touched.size === 0) return { oldState, newState: oldState };
  const since = { modseq: before.submissionModseq, untilId: undefined };
  const rows = await readSubmissionChanges(call.house.reader.db, call.accountId, since, limits.jmap.changesMax);
  const isOurs = rows.every(({ id }) => run.touched.has(id));
  const last = rows.at(-1)?.modseq ?? before.submissionModseq;
  return { oldState, newState: isOurs ? stateAt(before.era, last) : oldState };
}

class SubmissionRun {
  readonly outcome = new SetOutcome();
  /** Submissions that were made or taken back. */
  readonly touched = new Set<string>();
  readonly #call: Call;
  readonly #sending: Sending | undefined;
  /** By creation id with # in front, and by id. */
  readonly #letters = new Map<string, LetterId | undefined>();
  #hasHandedIn = false;

  constructor(call: Call) {
    this.#call = call;
    this.#sending = call.house.sending;
  }

  /** The letter of a submission that succeeded in this call. */
  letterOf(key: string): LetterId | undefined {
    return this.#letters.get(key);
  }

  /** Whether a letter went to the room: nobody may then be told that nothing was done. */
  get hasHandedIn(): boolean {
    return this.#hasHandedIn;
  }

  /** What is no letter with documents is left, and answered. */
  async handInDocuments(create: Readonly<Record<string, Members>>): Promise<Readonly<Record<string, Members>>> {
    const place = this.#sending?.documents;
    const entries = Object.entries(create);
    if (place === undefined || entries.length === 0) return create;
    const { house, accountId } = this.#call;
    const facts = await readFacts(this.#call, create);
    const left = new Map<string, Members>();
    for (const [creationId, members] of entries) {
      const read = readSubmission(members, facts);
      if (!read.ok || !isForDocuments(read.value, place)) {
        left.set(creationId, members);
        continue;
      }
      const nowMs = house.clock.nowMs();
      const taken = await handInDocuments(read.value, place, nowMs);
      if (typeof members['transitBlobId'] === 'string') house.uploads.drop(accountId, members['transitBlobId']);
      if (taken.ok) this.#handedIn(creationId, read.value, nowMs);
      else this.outcome.notCreated(creationId, taken.error);
    }
    return Object.fromEntries(left);
  }

  /** There is no row of it: it went and came back, and whoever asks for it later finds nothing (RFC 8621 §7). */
  #handedIn(creationId: string, { letterId }: NewSubmission, nowMs: number): void {
    const { accountId, createdIds, house } = this.#call;
    if (letterId !== null) house.uploads.dropDraft(accountId, letterId);
    const id = newId<SubmissionId>();
    createdIds.set(creationId, id);
    this.#hasHandedIn = true;
    this.#letters.set(`#${creationId}`, letterId ?? undefined);
    this.outcome.created(creationId, { id, threadId: letterId, sendAt: formatUtcDate(nowMs), undoStatus: 'final' });
  }

  async createAll(create: Readonly<Record<string, Members>>): Promise<Result<void, MethodError>> {
    const entries = Object.entries(create);
    if (entries.length === 0) return ok(undefined);
    const facts = await readFacts(this.#call, create);
    const sent = new Set<string>();
    for (const [creationId, members] of entries) {
      const submission = this.#sending === undefined ? err(notSending) : readSubmission(members, facts);
      if (!submission.ok) {
        this.outcome.notCreated(creationId, submission.error);
        continue;
      }
      const done = await this.#submit(creationId, submission.value);
      if (!done.ok) return done;
      if (done.value && typeof members['transitBlobId'] === 'string') sent.add(members['transitBlobId']);
    }
    // the clear letter is the queue's now: only behind the whole call, since several may name one upload
    for (const blobId of sent) this.#call.house.uploads.drop(this.#call.accountId, blobId);
    return ok(undefined);
  }

  async #submit(creationId: string, submission: NewSubmission): Promise<Result<boolean, MethodError>> {
    const { accountId, createdIds } = this.#call;
    const actor = { kind: 'session', id: idToBytes(this.#call.sessionId) } as const;
    const taken = await this.#sending?.outbox.submit({ accountId, actor, ...submission });
    if (taken === undefined) return ok(false);
    if (!taken.ok) {
      const refused = explain(taken.error);
      if (refused === undefined) return err(this.#unavailable(taken.error.kind));
      this.outcome.notCreated(creationId, refused);
      return ok(false);
    }
    const { submissionId, dueMs } = taken.value;
    if (submission.letterId !== null) this.#call.house.uploads.dropDraft(accountId, submission.letterId);
    const nowMs = this.#call.house.clock.nowMs();
    this.touched.add(submissionId);
    createdIds.set(creationId, submissionId);
    this.#letters.set(`#${creationId}`, submission.letterId ?? undefined);
    this.outcome.created(creationId, {
      id: submissionId,
      threadId: submission.letterId,
      sendAt: formatUtcDate(Math.max(dueMs, nowMs)),
      undoStatus: dueMs > nowMs ? 'pending' : 'final',
    });
    return ok(true);
  }

  async cancelAll(update: Readonly<Record<string, Members>>): Promise<Result<void, MethodError>> {
    const { accountId, createdIds, house } = this.#call;
    const named = Object.keys(update).map((key) => [key, parseId<SubmissionId>(resolveId(key, createdIds))] as const);
    const ids = named.map(([, id]) => id).filter((id) => id !== undefined);
    const rows = new Map<string, SubmissionRow>();
    if (ids.length > 0) {
      for (const row of await readSubmissions(house.reader.db, accountId, ids, ids.length)) rows.set(row.id, row);
    }
    for (const [key, id] of named) {
      const row = rows.get(id ?? '');
      const refused = row === undefined ? ({ kind: 'notFound' } as const) : readCancel(update[key] ?? {});
      if (refused !== undefined || row === undefined) this.outcome.notUpdated(key, refused ?? { kind: 'notFound' });
      else {
        const done = await this.#cancel(key, row);
        if (!done.ok) return done;
      }
    }
    return ok(undefined);
  }

  async #cancel(key: string, row: SubmissionRow): Promise<Result<void, MethodError>> {
    const canceled = row.isCanceled
      ? ok(undefined)
      : ((await this.#sending?.outbox.cancel(this.#call.accountId, row.id)) ?? err({ kind: 'left' as const }));
    if (canceled.ok) {
      this.touched.add(row.id);
      this.#letters.set(key, row.letterId);
      this.outcome.updated(row.id);
      return ok(undefined);
    }
    if (canceled.error.kind === 'unavailable') return err(this.#unavailable('unavailable'));
    this.outcome.notUpdated(key, { kind: 'cannotUnsend', description: 'It has left, or a server may have it by now.' });
    return ok(undefined);
  }

  #unavailable(kind: string): MethodError {
    if (this.touched.size > 0) return { kind: 'serverPartialFail' };
    return refusedChange({ kind: kind === 'diskFull' ? 'diskFull' : 'unavailable' });
  }
}

async function readFacts(call: Call, create: Readonly<Record<string, Members>>): Promise<SubmissionFacts> {
  const { house, accountId, createdIds } = call;
  const { db } = house.reader;
  const addresses = await readAddresses(db, accountId);
  const find = (text: unknown): LetterId | undefined =>
    typeof text === 'string' ? parseId<LetterId>(resolveId(text, createdIds)) : undefined;
  const named = Object.values(create).map((members) => find(members['emailId']));
  const present = await readPresentLetters(
    db,
    accountId,
    named.filter((id) => id !== undefined),
  );
  return {
    nowMs: house.clock.nowMs(),
    identities: new Map(addresses.map((address) => [identityId(accountId, address), address])),
    findLetter: (text) => {
      const id = find(text);
      return id !== undefined && present.has(id) ? id : undefined;
    },
    findUpload: (blobId) => house.uploads.find(accountId, blobId)?.bytes,
    findDraft: (id) => (id === null ? undefined : house.uploads.findDraft(accountId, id)?.bytes),
  };
}

/** Only taking back; a client may send what it got beside it. */
function readCancel(members: Members): SetError | undefined {
  const [name] = Object.keys(members).filter((property) => property !== 'undoStatus');
  if (name !== undefined) return { kind: 'invalidProperties', properties: [name.slice(0, 64)] };
  return members['undoStatus'] === 'canceled' ? undefined : { kind: 'invalidProperties', properties: ['undoStatus'] };
}

/** Undefined: nothing of the kind, the house cannot take letters just now. */
function explain({ kind }: SubmitRefusal): SetError | undefined {
  switch (kind) {
    case 'tooManyRecipients':
      return { kind, maxRecipients: limits.queue.recipientsMax };
    case 'tooManyToday':
      return { kind: 'rateLimit', description: 'More recipients than this account may write to in this time.' };
    case 'held':
      return { kind: 'forbiddenToSend', description: 'Sending is held for this account; the operator knows why.' };
    case 'diskFull':
    case 'unavailable':
      return undefined;
    default:
      return unreachable(kind);
  }
}
