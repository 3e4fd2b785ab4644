// The middle pane: search, the place's name where the navigation does not show it, the list or its empty state.

import type { LetterId } from '#base/ids.ts';
import type { Backend } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Empty, type EmptyDrawing } from '../parts/empty.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Layout } from '../parts/use-layout.ts';
import type { Words } from '../words/words.ts';
import type { Writing } from '../writing.ts';
import { boxWord } from './box-words.ts';
import { useLater } from '../parts/use-later.ts';
import type { DraftsPlaceProps } from '../compose/drafts-place.tsx';
import type { MailControl } from './mail-control.ts';
import { boxOf, type MailState } from './mail-state.ts';
import { MessageList } from './message-list.tsx';
import type { TrashBarProps } from './trash-bar.tsx';
import type { Welcome } from './use-welcome.ts';
import { WelcomeRows } from './welcome-place.tsx';
import { SearchField } from './search-field.tsx';

export interface ListPaneProps {
  readonly state: MailState;
  readonly backend: Backend & Writing;
  readonly control: MailControl;
  readonly draftsTurn: number;
  readonly welcome: Welcome;
  readonly layout: Layout;
  readonly compact: boolean;
  readonly touch: boolean;
  /** Counts up when the search field shall take the keyboard. */
  readonly searchAsked: number;
  readonly onSearch: (plainText: string) => void;
  readonly onLeaveSearch: () => void;
  readonly onNeed: (ids: readonly LetterId[]) => void;
  readonly onOpen: (id: LetterId) => void;
  readonly onMark: (id: LetterId, how: 'toggle' | 'range') => void;
  readonly onSwipe: (id: LetterId, way: 'left' | 'right') => void;
  readonly onEmptyTrash: () => void;
}

function placeWord(state: MailState, words: Words): string {
  if (state.place?.kind === 'starred') return words.places.starred;
  if (state.place?.kind === 'search') return words.places.search;
  const box = boxOf(state);
  return box ? boxWord(box, words) : '';
}

function emptySentence(state: MailState, words: Words): { readonly drawing: EmptyDrawing; readonly sentence: string } {
  const { place } = state;
  if (place?.kind === 'search') return { drawing: 'glass', sentence: words.empty.search(place.plainText) };
  if (place?.kind === 'starred') return { drawing: 'letter', sentence: words.empty.starred };
  const role = boxOf(state)?.role;
  if (!role) return { drawing: 'folder', sentence: words.empty.folder };
  return { drawing: role === 'inbox' ? 'tray' : role === 'trash' ? 'basket' : 'letter', sentence: words.empty[role] };
}

function ListHeader(of: ListPaneProps) {
  const words = useWords();
  const { state } = of;
  const box = boxOf(state);
  const word = placeWord(state, words);
  const searching = state.place?.kind === 'search';
  const count = searching ? (state.ids?.length ?? 0) : (box?.unread ?? 0);
  const canEmpty = box?.role === 'trash' && (state.ids?.length ?? 0) > 0;
  // The wide navigation names the place already.
  const plain = of.layout === 'wide' && !searching && !canEmpty;
  return (
    <header class="list-header">
      <SearchField searching={searching} asked={of.searchAsked} onSearch={of.onSearch} onLeave={of.onLeaveSearch} />
      <div class={plain ? 'unseen' : 'list-title'}>
        <h1 class="section">{word}</h1>
        {count > 0 ? <span class="list-count">{searching ? words.list.results(count) : count}</span> : null}
        {canEmpty ? (
          <Button kind="plain" onPress={of.onEmptyTrash}>
            {words.dialogs.emptyTrash}
          </Button>
        ) : null}
      </div>
    </header>
  );
}

/** Drafts and what waits to be sent: loaded where they are looked at. */
function DraftsLater(
  of: ListPaneProps & Pick<DraftsPlaceProps, 'role' | 'rowHeight'> & { readonly ids: readonly LetterId[] },
) {
  const { backend, control, role, rowHeight } = of;
  const Part = useLater<DraftsPlaceProps>(async () => (await import('../compose/drafts-place.tsx')).DraftsPlace);
  const isAlone = of.ids.length === 0;
  return Part ? <Part {...{ backend, control, role, rowHeight, isAlone, turn: of.draftsTurn }} key={role} /> : null;
}

/** What can still come back of what was deleted for good; loaded with the trash. */
function TrashBarLater({ backend, control, state }: ListPaneProps) {
  const Part = useLater<TrashBarProps>(async () => (await import('./trash-bar.tsx')).TrashBar);
  const turn = `${state.ids?.length} ${state.notice?.key}`;
  return Part ? <Part backend={backend} say={(text) => control.model.say(text)} turn={turn} /> : null;
}

export function ListPane(of: ListPaneProps) {
  const words = useWords();
  const { state } = of;
  const role = boxOf(state)?.role;
  const writes = role === 'drafts' || role === 'sent' ? role : undefined;
  const rowHeight = of.touch ? 72 : of.compact ? 40 : 64;
  return (
    <section
      class="list-pane"
      data-compact={of.compact && !of.touch ? '' : undefined}
      aria-label={placeWord(state, words)}
    >
      <ListHeader {...of} />
      {role === 'trash' ? <TrashBarLater {...of} /> : null}
      {state.ids === undefined ? <div class="waiting" /> : null}
      {of.welcome.shown.length > 0 ? <WelcomeRows welcome={of.welcome} rowHeight={rowHeight} /> : null}
      {writes && state.ids ? <DraftsLater {...of} role={writes} rowHeight={rowHeight} ids={state.ids} /> : null}
      {state.ids?.length === 0 && !writes && !of.welcome.isWaiting && of.welcome.shown.length === 0 ? (
        <Empty {...emptySentence(state, words)}>
          {state.place?.kind === 'search' ? (
            <Button kind="outline" onPress={of.onLeaveSearch}>
              {words.empty.clear}
            </Button>
          ) : null}
        </Empty>
      ) : null}
      {state.ids && state.ids.length > 0 ? (
        <MessageList
          state={state}
          ids={state.ids}
          rowHeight={rowHeight}
          outgoing={writes !== undefined}
          label={words.list.messages}
          onNeed={of.onNeed}
          onOpen={of.onOpen}
          onMark={of.onMark}
          onSwipe={of.onSwipe}
        />
      ) : null}
    </section>
  );
}
