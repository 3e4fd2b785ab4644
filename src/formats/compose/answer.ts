// What an answer takes over from the letter it answers: who gets it, its subject, its place in the conversation (RFC 5322 §§3.6.3–3.6.5, RFC 2369 §3.4).

import { limits } from '#base/limits.ts';
import { isMessageId, oneLine, type Mailbox } from './field-lines.ts';

/** Of the letter that is answered; the page's OpenedLetter fits. */
export interface AnsweredLetter {
  readonly from: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
}

export interface AnswerRecipients {
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
}

export type AnswerKind = 'reply' | 'reply-all' | 'forward';

/** `own`: all addresses of the writer; they get no copy. A letter of one's own is followed up to those it went to. */
export function answerRecipients(letter: AnsweredLetter, kind: AnswerKind, own: readonly string[]): AnswerRecipients {
  if (kind === 'forward') return { to: [], cc: [] };
  const ownKeys = new Set(own.map(keyOf));
  const others = (list: readonly Mailbox[]): readonly Mailbox[] =>
    unique(list.filter((one) => one.address !== '' && !ownKeys.has(keyOf(one.address))));
  const isOwn = letter.from.some((one) => ownKeys.has(keyOf(one.address)));
  const asked = letter.replyTo.some((one) => one.address !== '') ? letter.replyTo : letter.from;
  const author = isOwn ? letter.to : asked;
  // Who writes to himself alone answers himself.
  const to = others(author).length > 0 ? others(author) : unique(author);
  if (kind === 'reply') return { to, cc: [] };
  const has = new Set(to.map((one) => keyOf(one.address)));
  const rest = isOwn ? letter.cc : [...letter.to, ...letter.cc];
  return { to, cc: others(rest).filter((one) => !has.has(keyOf(one.address))) };
}

/** Where a mailing list takes answers: the first mailto: of List-Post; undefined without one, also for "NO". */
export function listPostAddress(listPost: string | undefined): string | undefined {
  const match = /<mailto:([^>?]+)/i.exec(listPost ?? '');
  if (match?.[1] === undefined) return undefined;
  try {
    return decodeURIComponent(match[1].replaceAll(/\s+/g, ''));
  } catch {
    return undefined;
  }
}

function keyOf(address: string): string {
  return address.trim().toLowerCase();
}

function unique(people: readonly Mailbox[]): readonly Mailbox[] {
  const seen = new Set<string>();
  return people.filter(({ address }) => {
    const key = keyOf(address);
    return key !== '' && !seen.has(key) && seen.add(key);
  });
}

const REPLY = /^(?:re|aw|antw|antwort|sv|vs|odp|rif|r)(?:\s?\[\d+\]|\^\d+)?\s?[:：]\s*/i;
const FORWARD = /^(?:fwd|fw|wg|wtr|tr|rv|enc)(?:\s?\[\d+\])?\s?[:：]\s*/i;

/** "Re: " or "Fwd: " once, whatever the mailers on the way called it. */
export function answerSubject(subject: string, kind: AnswerKind): string {
  const pattern = kind === 'forward' ? FORWARD : REPLY;
  let bare = oneLine(subject);
  while (pattern.test(bare)) bare = bare.replace(pattern, '');
  return `${kind === 'forward' ? 'Fwd: ' : 'Re: '}${bare}`.trimEnd();
}

/** The subject without any of these words: what a conversation is called. */
export function bareSubject(subject: string): string {
  let bare = oneLine(subject);
  while (REPLY.test(bare) || FORWARD.test(bare)) bare = bare.replace(REPLY, '').replace(FORWARD, '');
  return bare;
}

export interface AnswerPlace {
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
}

/** RFC 5322 §3.6.4: the parent's References, or its In-Reply-To when there is one id, then its Message-ID; first and newest kept. */
export function answerPlace(parent: {
  readonly messageId: string | null | undefined;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
}): AnswerPlace {
  const { messageId } = parent;
  if (messageId === null || messageId === undefined || !isMessageId(messageId))
    return { inReplyTo: [], references: [] };
  const before = parent.references.length > 0 ? parent.references : parent.inReplyTo.slice(0, 1);
  const all = [...before.filter((id) => isMessageId(id) && id !== messageId), messageId];
  const { referencesMax } = limits.compose;
  const references = all.length <= referencesMax ? all : [...all.slice(0, 1), ...all.slice(1 - referencesMax)];
  return { inReplyTo: [messageId], references };
}
