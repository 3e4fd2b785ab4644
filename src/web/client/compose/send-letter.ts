// A draft on its way: kept first, sealed copy, then group by group to the queue; whatever breaks in between, the draft stays and nothing leaves twice.

import type { Clock } from '#base/clock.ts';
import { newId, type ItemId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { randomBytes } from '#vault/sealing/derive.ts';
import type { ChangeRefusal } from '../../backend.ts';
import type { Draft, SendOptions, SendRefusal, Sent, SenderIdentity, Writing } from '../../writing.ts';
import type { RecipientKey, RecipientKeys } from '../contacts/recipient-keys.ts';
import type { Suggestions } from '../contacts/suggestions.ts';
import type { OpenSession } from '../open-session.ts';
import { markAnswered, readAnswerPlace, unmarkAnswered } from './answered-letter.ts';
import { keptDraft, type Attempt, type DraftItem, type Group } from './draft-item.ts';
import type { DraftShelf } from './draft-shelf.ts';
import { everybody, groupsOf, recipientsOf, refusalOf } from './outgoing.ts';
import { isLetterKept, keepOwnLetter, removeOwnLetter } from './own-letters.ts';
import { cancel, sendRefusal, submissionsOf, submit } from './submissions.ts';
import { clearLetter, isTooLarge, sealedTransit, sentCopy, type OutgoingLetter } from './transit-letter.ts';

export interface SendingParts {
  readonly session: OpenSession;
  readonly clock: Clock;
  readonly shelf: DraftShelf;
  readonly keys: RecipientKeys;
  readonly suggestions: Suggestions;
  readonly identities: Writing['identities'];
}

/** Everything decided before the first byte leaves. */
interface Plan {
  readonly item: DraftItem;
  readonly letter: OutgoingLetter;
  readonly attempt: Attempt;
  readonly keys: readonly RecipientKey[];
  /** Submissions of earlier tries that stay. */
  readonly submissionIds: readonly string[];
}

type Step<T> = Promise<Result<T, SendRefusal>>;

export function createSending(parts: SendingParts): Pick<Writing, 'send' | 'unsend' | 'waiting'> {
  // A draft that was never saved has no id to be known by when the same letter is sent again after a failure.
  const unnamed = new Map<string, ItemId>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    send: (draft, options) =>
      inTurn(async () => {
        const mark = draft.id === undefined ? markOf(draft) : '';
        const known = draft.id ?? unnamed.get(mark);
        const id = known ?? newId<ItemId>();
        if (draft.id === undefined) unnamed.set(mark, id);
        const sent = await send(parts, { ...draft, id }, options);
        if (sent.ok) unnamed.delete(mark);
        return sent;
      }),
    unsend: (submissionIds) => inTurn(() => unsend(parts, submissionIds)),
    async waiting() {
      const items = await parts.shelf.all();
      if (!items.ok) throw new Error(`what waits cannot be read: ${items.error.kind}`);
      return items.value.flatMap(({ kept: { sent, attempt } }) =>
        sent && sent.leavesMs > parts.clock.nowMs()
          ? [{ submissionIds: sent.submissionIds, letterId: attempt?.letterId, leavesMs: sent.leavesMs }]
          : [],
      );
    },
  };
}

function markOf(draft: Draft): string {
  const files = draft.files.map(({ name, bytes }) => [name, bytes.length]);
  return JSON.stringify([keptDraft(draft, 0), files]);
}

async function send(parts: SendingParts, draft: Draft, options: SendOptions): Step<Sent> {
  const before = draft.id && (await parts.shelf.read(draft.id));
  const already = before?.ok ? sentOf(before.value) : undefined;
  // Sent elsewhere: what stands here was not in it.
  if (already && before?.ok && !parts.shelf.own.has(before.value)) return err({ kind: 'changed-elsewhere' });
  if (already) return ok(already);
  const plan = await makePlan(parts, draft, options);
  if (!plan.ok) return plan;
  const copied = await keepCopy(parts, plan.value);
  if (!copied.ok) return copied;
  const handed = await handOver(parts, plan.value, options);
  if (!handed.ok) return handed;
  const { submissionIds, leavesMs, isFinal } = handed.value;
  const { item, attempt, letter } = plan.value;
  const isMarked = await markAnswered(parts.session, draft.answers);
  const sent = { submissionIds: [...submissionIds], leavesMs, isFinal, isMarked };
  // All is with the queue. A draft that could not be marked stays visible, and sending it again finds nothing left to do;
  // one that is marked stays for some minutes, so that the same press of a button twice is one letter.
  const noted = await parts.shelf.note(item, { attempt, sent });
  if (!noted.ok && noted.error.kind === 'changed-elsewhere') await letGo(parts, item.id);
  await parts.suggestions.count(everybody(letter.recipients)).catch(() => undefined);
  return ok({ submissionIds, letterId: attempt.letterId, leavesMs, isFinal });
}

/** Written on elsewhere while its letter left: those words are a draft of their own, which nobody was sent. */
async function letGo({ shelf }: SendingParts, id: ItemId): Promise<void> {
  const now = await shelf.read(id);
  if (!now.ok) return;
  shelf.own.put(now.value);
  await shelf.note(now.value, { attempt: null, sent: null });
}

function sentOf({ kept: { sent, attempt } }: DraftItem): Sent | undefined {
  if (!sent || !attempt) return undefined;
  const { submissionIds, leavesMs, isFinal = false } = sent;
  return { submissionIds, letterId: attempt.letterId, leavesMs, isFinal };
}

async function makePlan(parts: SendingParts, draft: Draft, options: SendOptions): Step<Plan> {
  const { session, clock, shelf } = parts;
  const recipients = recipientsOf(draft);
  if (everybody(recipients).length === 0) return err({ kind: 'no-recipient' });
  const from = await identityOf(parts, draft.identityId);
  const aheadMs = (options.sendAtMs ?? 0) - clock.nowMs();
  if (!from || aheadMs > limits.queue.aheadMs) return err({ kind: 'not-allowed' });
  const asked = await parts.keys.keysFor(everybody(recipients).map(({ address }) => address));
  if (!asked.ok) return err(sendRefusal(asked.error));
  const keys = asked.value;
  const refused = refusalOf(recipients, keys, options.unsealed);
  if (refused) return err(refused);
  if (
    isTooLarge(
      draft,
      keys.some((key) => key.certificate !== undefined),
    )
  )
    return err({ kind: 'too-large' });
  const saved = await shelf.save(draft);
  if (!saved.ok) return err(sendRefusal(saved.error));
  const earlier = await readEarlier(parts, saved.value);
  if (!earlier.ok) return earlier;
  const { reached, submissionIds, letterId } = earlier.value;
  const last = saved.value.kept.attempt;
  const attempt: Attempt = {
    messageId: last?.messageId ?? newMessageId(from.address),
    dateMs: last?.dateMs ?? clock.nowMs(),
    letterId,
    before: submissionIds.length,
    groups: groupsOf(recipients, keys, reached),
    reached: [...reached],
  };
  const item = await shelf.note(saved.value, { attempt });
  if (!item.ok) return err(sendRefusal(item.error));
  const place = await readAnswerPlace(session, draft.answers);
  const { messageId, dateMs } = attempt;
  return ok({
    item: item.value,
    letter: { draft, from, recipients, messageId, dateMs, place },
    attempt,
    keys,
    submissionIds,
  });
}

interface Earlier {
  readonly reached: readonly string[];
  readonly submissionIds: readonly string[];
  readonly letterId: LetterId;
}

/** How far the last attempt came, also when its last answer was lost: groups are handed over in order, and the queue counts them. */
async function readEarlier({ session }: SendingParts, { kept: { attempt } }: DraftItem): Step<Earlier> {
  const fresh = { reached: [], submissionIds: [], letterId: newId<LetterId>() };
  if (attempt === null) return ok(fresh);
  const found = await submissionsOf(session.jmap, attempt.letterId);
  if (!found.ok) return err(sendRefusal(found.error));
  const handed = attempt.groups.slice(0, Math.max(0, found.value.length - attempt.before));
  const reached = [...attempt.reached, ...handed.flatMap(({ addresses }) => addresses)];
  if (reached.length > 0) return ok({ reached, submissionIds: found.value, letterId: attempt.letterId });
  // Nothing left: the copy may say something else by now.
  const removed = await removeOwnLetter(session, attempt.letterId);
  return removed.ok ? ok(fresh) : err(sendRefusal(removed.error));
}

async function identityOf({ identities }: SendingParts, id: string): Promise<SenderIdentity | undefined> {
  return (await identities()).find((identity) => identity.id === id);
}

function newMessageId(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return `${toBase64Url(randomBytes(18))
    .replaceAll('_', '.')
    .replaceAll(/^[.-]|[.-]$|\.(?=\.)/g, 'x')}@${domain}`;
}

async function keepCopy({ session, clock }: SendingParts, { letter, attempt, keys }: Plan): Step<undefined> {
  const isThere = attempt.reached.length > 0 ? await isLetterKept(session, attempt.letterId) : ok(false);
  if (!isThere.ok) return err(sendRefusal(isThere.error));
  if (isThere.value) return ok(undefined);
  const copy = sentCopy(letter);
  if (!copy.ok) return copy;
  const isSealed = keys.every((key) => key.certificate !== undefined);
  const kept = await keepOwnLetter(session, {
    letterId: attempt.letterId,
    plainBytes: copy.value,
    role: 'sent',
    keywords: ['$seen'],
    receivedMs: clock.nowMs(),
    sign: isSealed ? 'end-to-end' : 'on-arrival',
    replaces: undefined,
    isSearched: true,
  });
  return kept.ok ? kept : err(sendRefusal(kept.error));
}

/** Group by group. When one is refused those before it are taken back as far as they still wait; what cannot be is remembered by the attempt. */
async function handOver(
  parts: SendingParts,
  plan: Plan,
  options: SendOptions,
): Step<Pick<Sent, 'submissionIds' | 'leavesMs' | 'isFinal'>> {
  const { session, clock } = parts;
  const { jmap } = session;
  const ids = [...plan.submissionIds];
  let [leavesMs, isFinal] = [0, true];
  for (const group of plan.attempt.groups) {
    const transit = await transitOf(parts, plan, group);
    const submission = {
      identityId: plan.letter.from.id,
      mailFrom: plan.letter.from.address,
      letterId: plan.attempt.letterId,
      addresses: group.addresses,
      undoMs: Math.min(Math.max(0, options.undoMs), limits.compose.undoMs),
      sendAtMs: options.sendAtMs,
    };
    const handed = transit.ok ? await submit(jmap, submission, transit.value, clock.nowMs()) : transit;
    if (!handed.ok) {
      if (handed.error.kind !== 'no-connection') await takeBack(session, plan, ids);
      return handed;
    }
    ids.push(handed.value.id);
    leavesMs = Math.max(leavesMs, handed.value.leavesMs);
    isFinal &&= handed.value.isFinal;
  }
  return ok({ submissionIds: ids, leavesMs: leavesMs || clock.nowMs(), isFinal });
}

/** Newest first; the copy goes too when nobody got the letter. */
async function takeBack(session: OpenSession, plan: Plan, ids: readonly string[]): Promise<void> {
  const mine = ids.slice(plan.submissionIds.length);
  const canceled = mine.length > 0 ? await cancel(session.jmap, mine.toReversed()) : ok([]);
  const isNobodys = canceled.ok && canceled.value.length === ids.length;
  if (isNobodys) await removeOwnLetter(session, plan.attempt.letterId);
}

async function transitOf(
  { session, clock }: SendingParts,
  { letter, keys }: Plan,
  group: Group,
): Step<Uint8Array<ArrayBuffer>> {
  const { keyring } = session.account;
  if (!group.isSealed) return clearLetter(letter, keyring);
  const wanted = new Set(group.addresses.map((address) => address.toLowerCase()));
  const certificates = keys.flatMap((key) =>
    key.certificate && wanted.has(key.address.toLowerCase()) ? [key.certificate] : [],
  );
  return sealedTransit(letter, keyring, certificates, clock.nowMs());
}

async function unsend(
  parts: SendingParts,
  submissionIds: readonly string[],
): Promise<Result<{ readonly draftId: ItemId }, { readonly kind: 'left' } | ChangeRefusal>> {
  const items = await parts.shelf.all();
  if (!items.ok) return items;
  const item = items.value.find(({ kept }) => kept.sent?.submissionIds.some((id) => submissionIds.includes(id)));
  const { sent, attempt } = item?.kept ?? {};
  if (!item || !sent || !attempt) return err({ kind: 'gone' });
  // Another device may have sent it: it is taken back here.
  parts.shelf.own.put(item);
  const canceled = await cancel(parts.session.jmap, sent.submissionIds);
  if (!canceled.ok) return canceled;
  if (canceled.value.length === 0) return err({ kind: 'left' });
  if (canceled.value.length < sent.submissionIds.length) {
    await sendOn(parts, item, canceled.value);
    return err({ kind: 'left' });
  }
  const removed = await removeOwnLetter(parts.session, attempt.letterId);
  if (!removed.ok) return removed;
  if (sent.isMarked) await unmarkAnswered(parts.session, item.kept.answers ?? undefined);
  const noted = await parts.shelf.note(item, { attempt: null, sent: null });
  if (noted.ok) return ok({ draftId: item.id });
  const { kind } = noted.error;
  return err({ kind: kind === 'changed-elsewhere' || kind === 'too-large' ? 'server-unavailable' : kind });
}

/** Some had left already when the rest was taken back: a letter reaches all or none, so the rest goes after them. */
async function sendOn(parts: SendingParts, item: DraftItem, canceled: readonly string[]): Promise<void> {
  const { sent, attempt } = item.kept;
  if (!sent || !attempt) return;
  const back = new Set(canceled);
  const handed = sent.submissionIds.slice(attempt.before);
  const isLeft = (index: number): boolean => !back.has(handed[index] ?? '');
  const left = attempt.groups.filter((_, index) => isLeft(index));
  const rest = attempt.groups.filter((_, index) => !isLeft(index));
  const reached = [...attempt.reached, ...left.flatMap(({ addresses }) => addresses)];
  const before = sent.submissionIds.length - canceled.length;
  await parts.shelf.note(item, { attempt: { ...attempt, groups: rest, reached, before }, sent: null });
  const draft = await parts.shelf.open(item.id);
  if (!draft.ok) return;
  const unsealed = rest.filter(({ isSealed }) => !isSealed).flatMap(({ addresses }) => addresses);
  await send(parts, draft.value, { undoMs: 0, sendAtMs: undefined, unsealed });
}
