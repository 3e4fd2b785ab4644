// MessageList: draws only the rows in view, however many there are; the row one looks at stays where it is when headings appear above it.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LetterId } from '#base/ids.ts';
import type { MailboxInfo } from '../backend.ts';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { groupHeading, groupOf } from '../words/dates.ts';
import { labelsOf } from './labels.ts';
import {
  drawnRows,
  findHeadings,
  rowAt,
  rowTop,
  scrollToShow,
  topAfter,
  totalHeight,
  type Anchor,
  type ListShape,
} from './list-window.ts';
import { headOf, shownRow, type MailState } from './mail-state.ts';
import { MessageRow } from './message-row.tsx';
import { useSwipe } from './use-swipe.ts';

const SPARE_ROWS = 12;
const HEADING_HEIGHT = 36;

export interface MessageListProps {
  readonly state: MailState;
  readonly ids: readonly LetterId[];
  readonly rowHeight: number;
  readonly outgoing: boolean;
  readonly label: string;
  readonly onNeed: (ids: readonly LetterId[]) => void;
  readonly onOpen: (id: LetterId) => void;
  readonly onMark: (id: LetterId, how: 'toggle' | 'range') => void;
  readonly onSwipe: (id: LetterId, way: 'left' | 'right') => void;
}

function useShape(of: MessageListProps, atMs: number): ListShape {
  const { ids, state, rowHeight } = of;
  return useMemo(() => {
    const groupOfRow = (index: number): string | undefined => {
      const id = ids[index];
      const row = id ? state.rows.get(id) : undefined;
      return row ? groupOf(row.receivedMs, atMs) : undefined;
    };
    return {
      count: ids.length,
      rowHeight,
      headingHeight: HEADING_HEIGHT,
      headings: findHeadings(ids.length, groupOfRow),
    };
  }, [ids, state.rows, rowHeight]);
}

function chipsOf(state: MailState, id: LetterId): readonly MailboxInfo[] {
  const row = shownRow(state, id);
  return row ? labelsOf(row, state.mailboxes, state.place?.kind === 'mailbox' ? state.place.id : undefined) : [];
}

/** What one looks at stays where it is, whatever comes, goes or moves above it. */
function useAnchor(
  place: { readonly current: HTMLElement | null },
  { state, ids }: MessageListProps,
  shape: ListShape,
): { current: Anchor | undefined } {
  const anchor = useRef<Anchor | undefined>(undefined);
  useEffect(() => {
    if (place.current) place.current.scrollTop = 0;
    anchor.current = undefined;
  }, [state.place]);
  useLayoutEffect(() => {
    const box = place.current;
    if (!box || !anchor.current) return;
    const wanted = topAfter(anchor.current, ids, shape);
    if (wanted === undefined) return;
    if (Math.abs(box.scrollTop - wanted) >= 1) box.scrollTop = wanted;
    anchor.current = { ids, shape, first: rowAt(shape, box.scrollTop), top: box.scrollTop };
  }, [shape, ids]);
  return anchor;
}

export function MessageList(of: MessageListProps) {
  const { ids, state } = of;
  const words = useWords();
  const language = useLanguage();
  const shownMs = nowMs();
  const shape = useShape(of, shownMs);
  const place = useRef<HTMLDivElement>(null);
  const anchor = useAnchor(place, of, shape);
  const [view, setView] = useState({ top: 0, height: 900 });
  const drawn = drawnRows(shape, view.top, view.height, SPARE_ROWS);

  const look = (): void => {
    const box = place.current;
    if (!box) return;
    const first = rowAt(shape, box.scrollTop);
    anchor.current = box.scrollTop > 0 ? { ids, shape, first, top: box.scrollTop } : undefined;
    setView({ top: box.scrollTop, height: box.clientHeight });
  };
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const watch = new ResizeObserver(look);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const wanted = ids
      .slice(drawn.first, drawn.last + 1)
      .filter((id) => (state.groups.get(id)?.whole ?? [id]).some((one) => !state.rows.has(one)));
    if (wanted.length > 0) of.onNeed(wanted);
  }, [drawn.first, drawn.last, ids, state.groups]);
  useEffect(() => {
    const box = place.current;
    const index = state.cursor ? ids.indexOf(state.cursor) : -1;
    if (!box || index < 0) return;
    const to = scrollToShow(shape, index, box.scrollTop, box.clientHeight);
    if (to !== undefined) box.scrollTop = to;
  }, [state.cursor]);

  const swipe = useSwipe(of.onSwipe);
  const shown = ids.slice(drawn.first, drawn.last + 1);
  const at = state.opened ?? state.cursor;
  const selected = at && headOf(state, at);
  return (
    <div
      ref={place}
      class="list-scroll"
      role="listbox"
      tabindex={0}
      aria-label={of.label}
      aria-multiselectable="true"
      aria-activedescendant={state.cursor ? `row-${state.cursor}` : undefined}
      onScroll={look}
      {...swipe}
    >
      <div class="list-rows" role="presentation" style={{ height: `${totalHeight(shape)}px` }}>
        {shape.headings
          .filter((index) => index >= drawn.first && index <= drawn.last)
          .map((index) => {
            const id = ids[index];
            const row = id ? state.rows.get(id) : undefined;
            const top = rowTop(shape, index) - HEADING_HEIGHT;
            return row ? (
              <div
                key={`h${index}`}
                class="day-heading label"
                aria-hidden="true"
                style={{ transform: `translateY(${top}px)` }}
              >
                {groupHeading(words, language, row.receivedMs, shownMs)}
              </div>
            ) : null;
          })}
        {shown.map((id, offset) => {
          const index = drawn.first + offset;
          return (
            <MessageRow
              key={id}
              id={id}
              row={shownRow(state, id)}
              top={rowTop(shape, index)}
              height={of.rowHeight}
              position={index + 1}
              count={ids.length}
              selected={id === selected}
              marked={state.marked.has(id)}
              fresh={state.fresh.has(id)}
              outgoing={of.outgoing}
              labels={chipsOf(state, id)}
              myAddress={state.session?.address}
              words={words}
              language={language}
              nowMs={shownMs}
              onPress={(event) => {
                if (event.shiftKey) of.onMark(id, 'range');
                else if (event.metaKey || event.ctrlKey) of.onMark(id, 'toggle');
                else of.onOpen(id);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
