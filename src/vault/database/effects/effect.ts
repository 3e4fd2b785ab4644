// What every effect gets to work with, and how one says that it cannot be applied.

import type { Place } from '../../journal/journal.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { Session } from '../session.ts';
import type { Uuid } from '../tables.ts';
import type { Counters } from './counters.ts';

export interface Context {
  readonly tx: Session;
  readonly counters: Counters;
}

/** A command of an account that exists. */
export interface AccountCommand<Effect> {
  readonly account: Uuid;
  readonly header: RecordHeader;
  readonly place: Place;
  readonly effect: Effect;
}

/** The rows do not allow the effect: the record is voided, like one that breaks a constraint. */
export class CannotApply extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'CannotApply';
  }
}

export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

/** Unread: neither $seen nor $draft (RFC 8621 §2, unreadEmails). */
export function isUnread(keywords: readonly string[]): boolean {
  return !keywords.includes('$seen') && !keywords.includes('$draft');
}

/** One way to write a set of keywords: sorted, each once. */
export function sortKeywords(keywords: readonly string[]): string[] {
  return [...new Set(keywords)].toSorted();
}
