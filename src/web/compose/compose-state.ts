// What the open composer holds and what follows from it: plain values and pure questions.

import { limits } from '#base/limits.ts';
import { parseAddress } from '#formats/smtp/address.ts';
import type { ItemId } from '#base/ids.ts';
import type { Person } from '../backend.ts';
import type { Draft, DraftNews, RecipientState, SenderIdentity, SendRefusal } from '../writing.ts';

export const fields = ['to', 'cc', 'bcc'] as const;
export type RecipientField = (typeof fields)[number];
export type People = Readonly<Record<RecipientField, readonly Person[]>>;

/** The text as it is written; no HTML: plain text. */
export interface Written {
  readonly plainHtml: string | undefined;
  readonly plainText: string;
}

/** The answered letter below the text, folded until it is asked for. */
export interface Quote {
  readonly plainHtml: string;
  readonly plainText: string;
}

export interface ComposeFile {
  readonly key: number;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** undefined while it is being read. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly readShare: number;
  readonly contentId: string | undefined;
}

export type Keeping =
  { readonly kind: 'new' | 'saving' | 'offline' | 'followed' } | { readonly kind: 'saved'; readonly atMs: number };

/** Another device took part in a draft that was being written here: what stands here is a draft of its own since. */
export interface Elsewhere {
  readonly how: Exclude<DraftNews, 'same'>;
  readonly id: ItemId;
}

/** What stands between pressing Send and sending. */
export type Hindrance =
  | { readonly kind: 'refused'; readonly refusal: SendRefusal }
  | { readonly kind: 'now-unsealed' }
  | { readonly kind: 'files-too-large' }
  | { readonly kind: 'waits' }
  | { readonly kind: 'unreadable-file'; readonly name: string };

export interface Composing {
  /** Another number: another letter, drawn anew. */
  readonly key: number;
  readonly draftId: ItemId | undefined;
  readonly identityId: string;
  readonly people: People;
  readonly areCopiesShown: boolean;
  readonly subject: string;
  /** What the editor starts with. */
  readonly first: Written;
  readonly isPlain: boolean;
  readonly quote: Quote | undefined;
  readonly files: readonly ComposeFile[];
  readonly answers: Draft['answers'];
  readonly focus: 'to' | 'text' | 'none';
  /** Another number: the text is another device's. */
  readonly textTurn: number;
  readonly size: 'sheet' | 'large' | 'small';
  readonly keeping: Keeping;
  readonly isSending: boolean;
  readonly hindrance: Hindrance | undefined;
  readonly elsewhere: Elsewhere | undefined;
}

export interface ComposeState {
  readonly composing: Composing | undefined;
  readonly identities: readonly SenderIdentity[];
  /** By address in lower case; missing while it is looked up. */
  readonly known: ReadonlyMap<string, RecipientState>;
  /** Closed before they could leave; they go when the connection is back. */
  readonly outbox: readonly OutgoingDraft[];
}

export interface OutgoingDraft {
  readonly key: number;
  readonly draft: Draft;
  readonly unsealed: readonly string[];
  readonly sendAtMs: number | undefined;
}

export const nobody: People = { to: [], cc: [], bcc: [] };
export const blank: Written = { plainHtml: '', plainText: '' };

export function blankComposing(key: number, identityId: string): Composing {
  return {
    key,
    draftId: undefined,
    identityId,
    people: nobody,
    areCopiesShown: false,
    subject: '',
    first: blank,
    isPlain: false,
    quote: undefined,
    files: [],
    answers: undefined,
    focus: 'to',
    textTurn: 0,
    size: 'sheet',
    keeping: { kind: 'new' },
    isSending: false,
    hindrance: undefined,
    elsewhere: undefined,
  };
}

export function everybodyIn(people: People): readonly Person[] {
  return fields.flatMap((field) => people[field]);
}

export function isAddress(text: string): boolean {
  return text.includes('@') && parseAddress(text).ok;
}

export type ChipState = RecipientState['state'] | 'asking' | 'invalid' | 'unknown';

export function chipState({ address }: Person, known: ComposeState['known']): ChipState {
  if (!isAddress(address)) return 'invalid';
  const found = known.get(address.toLowerCase());
  if (!found) return 'asking';
  return found.deliverable ? found.state : 'unknown';
}

function where(people: People, known: ComposeState['known'], wanted: ChipState): readonly Person[] {
  const seen = new Set<string>();
  return everybodyIn(people).filter((person) => {
    const key = person.address.toLowerCase();
    return chipState(person, known) === wanted && !seen.has(key) && seen.add(key);
  });
}

/** Those whom the button must name. */
export function unsealedIn(people: People, known: ComposeState['known']): readonly Person[] {
  return where(people, known, 'none');
}

export function changedIn(people: People, known: ComposeState['known']): readonly Person[] {
  return where(people, known, 'changed');
}

export function invalidIn(people: People, known: ComposeState['known']): readonly Person[] {
  return where(people, known, 'invalid');
}

export function unknownIn(people: People, known: ComposeState['known']): readonly Person[] {
  return where(people, known, 'unknown');
}

export function filesBytes(files: readonly Pick<ComposeFile, 'sizeBytes'>[]): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}

/** A draft keeps no more, and base64 of it still fits into the largest letter. */
export const filesBytesMax = limits.compose.draftFilesBytes;

export function isTooLarge(files: readonly Pick<ComposeFile, 'sizeBytes'>[]): boolean {
  return filesBytes(files) > filesBytesMax;
}

/** Without a word, a person or a file there is nothing to keep. */
export function isBlank(composing: Composing, written: Written): boolean {
  return (
    everybodyIn(composing.people).length === 0 &&
    composing.subject.trim() === '' &&
    composing.files.length === 0 &&
    composing.quote === undefined &&
    written.plainText.trim() === ''
  );
}
