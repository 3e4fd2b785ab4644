// Letters this account seals itself, put into a mailbox by SealedEmail/set: Sent copies and the files of drafts (decision 0013).

import * as v from 'valibot';
import type { LetterId, MailboxId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { makeSummaryFacts } from '#formats/message/summary-facts.ts';
import { makeTerms, TOKENISER_VERSION } from '#formats/message/terms.ts';
import { ownCertificate } from '#vault/sealing/client/encrypt-letter.ts';
import { sealOwnLetter } from '#vault/sealing/client/own-letter.ts';
import type { ChangeRefusal, MailboxRole, Sign } from '../../backend.ts';
import { readMailboxes } from '../mail-reads.ts';
import { membersOf, setDone } from '../mailbox-folders.ts';
import type { OpenSession } from '../open-session.ts';

export interface OwnLetterToKeep {
  readonly letterId: LetterId;
  readonly plainBytes: Uint8Array<ArrayBuffer>;
  readonly role: MailboxRole;
  readonly keywords: readonly string[];
  readonly receivedMs: number;
  readonly sign: Sign;
  /** Removed as soon as this one is kept. */
  readonly replaces: LetterId | undefined;
  /** Whether it is a letter to be found, or only a box for files. */
  readonly isSearched: boolean;
}

export type KeepRefusal = ChangeRefusal | { readonly kind: 'too-large' };

export async function keepOwnLetter(
  session: OpenSession,
  letter: OwnLetterToKeep,
): Promise<Result<undefined, KeepRefusal>> {
  const { jmap } = session;
  const mailboxId = await mailboxOf(session, letter.role);
  if (!mailboxId.ok) return mailboxId;
  const sealed = await seal(session, letter);
  if (!sealed.ok) return sealed;
  const packet = await jmap.upload(sealed.value.dataPacket);
  if (!packet.ok) return packet.error.kind === 'too-many' ? err({ kind: 'too-large' }) : packet;
  const create = {
    letterId: letter.letterId,
    packetBlobId: packet.value,
    keyPacket: toBase64Url(sealed.value.keyPacket),
    summary: toBase64Url(sealed.value.summary),
    terms: toBase64Url(sealed.value.terms),
    mailboxIds: { [mailboxId.value]: true },
    keywords: Object.fromEntries(letter.keywords.map((keyword) => [keyword, true])),
    receivedAt: `${new Date(letter.receivedMs).toISOString().slice(0, 19)}Z`,
    replaces: letter.replaces ?? null,
  };
  const answer = await jmap.run([['SealedEmail/set', { create: { own: create } }]]);
  if (!answer.ok) return answer;
  const refused = membersOf(membersOf(answer.value[0]?.['notCreated'])['own'])['type'];
  if (refused === 'tooLarge' || refused === 'overQuota') return err({ kind: 'too-large' });
  return setDone(answer.value[0], 'notCreated');
}

async function seal({ account }: OpenSession, { letterId, plainBytes, receivedMs, sign, isSearched }: OwnLetterToKeep) {
  const newest = account.keyring.summary.toSorted((a, b) => b.version - a.version)[0];
  const view = readLetter(plainBytes);
  const facts = { ...makeSummaryFacts(plainBytes, view), sign };
  const words = isSearched ? makeTerms(facts, view.readableText) : [];
  const sealed = await sealOwnLetter(
    {
      keys: account.keys,
      certificate: await ownCertificate(account.keyring),
      summaryKey: account.summaryKey,
      version: newest?.version ?? 1,
    },
    { accountId: account.keys.rootKey.accountId, letterId },
    { plainOriginal: plainBytes, receivedMs, facts, terms: { tokeniser: TOKENISER_VERSION, words } },
  );
  return sealed.ok ? sealed : err({ kind: 'server-unavailable' });
}

const asked = new WeakMap<OpenSession, ReadonlyMap<string, MailboxId>>();

/** The mailbox with this role; those do not change while an account lives. */
export async function mailboxOf(session: OpenSession, role: MailboxRole): Promise<Result<MailboxId, ChangeRefusal>> {
  let known = asked.get(session)?.get(role);
  if (known === undefined) {
    const read = await readMailboxes(session.jmap);
    if (!read.ok) return read;
    const byRole = new Map(read.value.flatMap((box) => (box.role ? [[box.role, box.id] as const] : [])));
    asked.set(session, byRole);
    known = byRole.get(role);
  }
  return known === undefined ? err({ kind: 'gone' }) : ok(known);
}

/** Gone already is removed too. */
export async function removeOwnLetter({ jmap }: OpenSession, id: LetterId): Promise<Result<undefined, ChangeRefusal>> {
  const answer = await jmap.run([['Email/set', { destroy: [id] }]]);
  if (!answer.ok) return answer;
  const done = setDone(answer.value[0], 'notDestroyed');
  return done.ok || done.error.kind === 'gone' ? ok(undefined) : done;
}

const listShape = v.object({ list: v.array(v.object({ id: v.string() })) });

/** Whether the server has this letter: after an answer that was lost. */
export async function isLetterKept({ jmap }: OpenSession, id: LetterId): Promise<Result<boolean, ChangeRefusal>> {
  const answer = await jmap.run([['Email/get', { ids: [id], properties: ['id'] }]]);
  if (!answer.ok) return answer;
  const parsed = v.safeParse(listShape, answer.value[0]);
  return ok(parsed.success && parsed.output.list.length > 0);
}
