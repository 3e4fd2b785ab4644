// What the open mailbox shows at one moment: plain values, no functions, so that tests can read it.

import type { LetterId, MailboxId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { ListRow, MailboxInfo, MailboxRole, OpenedLetter, OpenRefusal, SessionInfo } from '../backend.ts';
import { rowOf, type Groups } from './fold.ts';
import type { Place } from './place.ts';

export interface Notice {
  readonly key: number;
  readonly what:
    | { readonly kind: 'archived' | 'trashed' | 'deleted' | 'destroyed'; readonly count: number }
    | { readonly kind: 'moved' | 'labelled' | 'unlabelled'; readonly count: number; readonly mailboxId: MailboxId }
    | { readonly kind: 'failed' | 'undone' | 'saved' }
    | { readonly kind: 'folder-made' | 'folder-removed'; readonly name: string }
    | { readonly kind: 'said'; readonly text: string };
  readonly undoable: boolean;
  /** How long it is shown where that is not the usual time. */
  readonly shownMs?: number | undefined;
}

/** A letter with this keyword holds the files of a draft: it is none to show. */
export const DRAFT_FILES_KEYWORD = 'siegel-parts';

export interface MailState {
  readonly session: SessionInfo | undefined;
  /** The session ended: only signing in again helps. */
  readonly signedOut: boolean;
  readonly online: boolean;
  readonly mailboxes: readonly MailboxInfo[];
  readonly place: Place | undefined;
  /** undefined while the list is being fetched. */
  readonly ids: readonly LetterId[] | undefined;
  /** Conversations among `ids`, of which only the newest letters stand in it. */
  readonly groups: Groups;
  readonly rows: ReadonlyMap<LetterId, ListRow>;
  readonly cursor: LetterId | undefined;
  readonly marked: ReadonlySet<LetterId>;
  readonly opened: LetterId | undefined;
  /** undefined while the letter is being opened. */
  readonly letter: Result<OpenedLetter, OpenRefusal> | undefined;
  readonly fresh: ReadonlySet<LetterId>;
  readonly serverView: boolean;
  readonly notice: Notice | undefined;
}

export const firstState: MailState = {
  session: undefined,
  signedOut: false,
  online: true,
  mailboxes: [],
  place: undefined,
  ids: undefined,
  groups: new Map(),
  rows: new Map(),
  cursor: undefined,
  marked: new Set(),
  opened: undefined,
  letter: undefined,
  fresh: new Set(),
  serverView: false,
  notice: undefined,
};

export function boxWithRole(state: MailState, role: MailboxRole): MailboxInfo | undefined {
  return state.mailboxes.find((box) => box.role === role);
}

export function boxOf(state: MailState): MailboxInfo | undefined {
  const place = state.place;
  return place?.kind === 'mailbox' ? state.mailboxes.find((box) => box.id === place.id) : undefined;
}

/** The row a letter stands behind. */
export function headOf({ groups }: Pick<MailState, 'groups'>, id: LetterId): LetterId {
  return groups.get(id)?.head ?? id;
}

/** With each row all the letters behind it. */
export function lettersOf({ groups }: MailState, ids: readonly LetterId[]): readonly LetterId[] {
  return ids.flatMap((id) => groups.get(id)?.here ?? id);
}

/** The rows a command acts on: the marked ones, else that of the open letter, else the one under the cursor. */
export function chosenOf(state: MailState): readonly LetterId[] {
  if (state.marked.size > 0) return (state.ids ?? []).filter((id) => state.marked.has(id));
  const one = state.opened ?? state.cursor;
  return one ? [headOf(state, one)] : [];
}

export function targetsOf(state: MailState): readonly LetterId[] {
  return lettersOf(state, chosenOf(state));
}

/** The row as it is shown. */
export function shownRow(state: MailState, id: LetterId): ListRow | undefined {
  return rowOf(state.rows, state.groups, id);
}

export function isUnread(row: ListRow | undefined): boolean {
  return row !== undefined && !row.keywords.includes('$seen');
}

export function isStarred(row: ListRow | undefined): boolean {
  return row?.keywords.includes('$flagged') === true;
}
