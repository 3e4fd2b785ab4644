// Whether a program may answer a letter by itself: only an author whose own domain stands behind it, and never another program (RFC 3834 §2).

import type { LetterView } from '#formats/message/letter-view.ts';
import { formatAddress, normaliseAddress, parseAddress, type Address } from '#formats/smtp/address.ts';

export interface LetterOrigin {
  /** Of the envelope; undefined: the null sender. */
  readonly sender: Address | undefined;
  /** The domain of From stands behind the letter: SPF or DKIM passed and is aligned with it (RFC 7489 §3.1). */
  readonly isProven: boolean;
  readonly isJunk: boolean;
  /** The desk's own. */
  readonly deskAddress: string;
  readonly isOwnDomain: (domain: string) => boolean;
}

export const silences = [
  'noSender',
  'unproven',
  'otherAuthor',
  'automatic',
  'list',
  'machine',
  'ours',
  'notToUs',
  'junk',
] as const;
/** Why nothing is answered. */
export type Silence = (typeof silences)[number];

export type MayAnswer = { readonly to: string } | { readonly silence: Silence };

/** Fields that lists and programs set, whatever they say. */
const LIST_FIELDS = [
  'list-id',
  'list-post',
  'list-help',
  'list-unsubscribe',
  'list-subscribe',
  'list-owner',
  'list-archive',
  'mailing-list',
  'feedback-id',
];
const PROGRAM_FIELDS = ['x-auto-response-suppress', 'x-autoreply', 'x-autorespond', 'x-loop', 'auto-submitted-by'];
/** Of a normalised local part. */
const MACHINES =
  /^(?:mailer-daemon|postmaster|owner-.*|.*-owner|.*-request|.*-bounces?|bounces?(?:[+-].*)?|listserv|majordomo|no-?reply.*|do-?not-?reply.*|nobody)$/;

export function mayAnswer(view: LetterView, origin: LetterOrigin): MayAnswer {
  const { sender, isProven, isJunk, deskAddress, isOwnDomain } = origin;
  if (sender === undefined) return { silence: 'noSender' };
  if (!isProven || view.isHeaderCut) return { silence: 'unproven' };
  const to = formatAddress(normaliseAddress(sender));
  const authors = authorsOf(view);
  if (authors.length !== 1 || authors[0] !== to) return { silence: 'otherAuthor' };
  if (view.autoSubmitted !== 'no' || has(view, PROGRAM_FIELDS)) return { silence: 'automatic' };
  if (has(view, LIST_FIELDS) || view.findFields('precedence').length > 0) return { silence: 'list' };
  if (MACHINES.test(normaliseAddress(sender).local.toLowerCase())) return { silence: 'machine' };
  if (isOwnDomain(sender.domain)) return { silence: 'ours' };
  if (!namesUs(view, deskAddress)) return { silence: 'notToUs' };
  return isJunk ? { silence: 'junk' } : { to };
}

/** Normalised; an address that is none counts as one that nobody is. */
function authorsOf({ from }: LetterView): readonly string[] {
  return from.filter(({ address }) => address !== '').map(({ address }) => normalised(address));
}

function has(view: LetterView, names: readonly string[]): boolean {
  return names.some((name) => view.findFields(name).length > 0);
}

function namesUs({ to, cc }: LetterView, deskAddress: string): boolean {
  return [...to, ...cc].some(({ address }) => normalised(address) === deskAddress);
}

function normalised(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? formatAddress(normaliseAddress(parsed.value)) : '';
}
