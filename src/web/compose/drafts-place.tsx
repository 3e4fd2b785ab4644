// Drafts, and what waits to be sent later: rows above the list of Drafts and Sent, opened in the composer or taken back.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Backend, ListRow, Person } from '../backend.ts';
import type { MailControl } from '../mail/mail-control.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { listTime, letterTime } from '../words/dates.ts';
import type { Words } from '../words/words.ts';
import type { DraftRow, WaitingLetter, Writing } from '../writing.ts';
import { leavesText } from './send-times.ts';

export interface DraftsPlaceProps {
  readonly backend: Backend & Writing;
  readonly control: MailControl;
  readonly role: 'drafts' | 'sent';
  /** Another number: drafts changed. */
  readonly turn: number;
  readonly rowHeight: number;
  /** Nothing else stands in the list below. */
  readonly isAlone: boolean;
}

interface Waiting extends WaitingLetter {
  readonly row: ListRow | undefined;
}

interface Found {
  readonly drafts: readonly DraftRow[];
  readonly waiting: readonly Waiting[];
}

/** What leaves within the time to take it back is shown by its notice. */
const SOON_MS = 60_000;
const AGAIN_MS = 2_000;

async function find({ backend, control, role }: DraftsPlaceProps): Promise<Found> {
  const [drafts, waiting] = await Promise.all([role === 'drafts' ? backend.drafts() : [], backend.waiting()]);
  const later = waiting.filter(({ leavesMs }) => leavesMs > nowMs() + SOON_MS);
  const ids = later.flatMap(({ letterId }) => letterId ?? []);
  control.model.setWaiting(ids);
  const rows = await backend.rows(ids);
  return {
    drafts,
    waiting: later.map((one) => ({ ...one, row: rows.find(({ id }) => id === one.letterId) })),
  };
}

/** Another number: another device may have written, sent or thrown away one. */
function useNews(backend: Backend): number {
  const [turn, setTurn] = useState(0);
  useEffect(
    () => backend.onChange((event) => (event.kind === 'items' ? setTurn((before) => before + 1) : undefined)),
    [backend],
  );
  return turn;
}

function useFound(of: DraftsPlaceProps): Found | undefined {
  const news = useNews(of.backend);
  const [found, setFound] = useState<Found | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void =>
      void find(of).then(
        (now) => (isCurrent ? setFound(now) : undefined),
        // what was shown stays, and the banner says where there is no connection; it is looked again until there is an answer
        () => {
          if (isCurrent) timer = setTimeout(look, AGAIN_MS);
        },
      );
    look();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [of.turn, of.role, news]);
  return found;
}

function namesOf(people: readonly Person[], words: Words): string {
  const names = people.map(({ name, address }) => name || address).join(', ');
  return names === '' ? words.compose.noRecipient : `${words.list.toPrefix} ${names}`;
}

function WaitingRow(of: { readonly waiting: Waiting; readonly onCancel: () => void }) {
  const words = useWords();
  const language = useLanguage();
  const { row, leavesMs } = of.waiting;
  return (
    <div class="waiting-row">
      <Icon name="clock" />
      <span class="waiting-text">
        <span class="waiting-name">{row ? namesOf(row.to, words) : ''}</span>
        <span class="waiting-subject">{row?.subject || words.compose.noSubject}</span>
        <span class="meta">{words.compose.leavesWhen(leavesText(words, language, leavesMs, nowMs()))}</span>
      </span>
      <Button kind="outline" onPress={of.onCancel}>
        {words.compose.cancelLater}
      </Button>
    </div>
  );
}

function Draft(of: { readonly draft: DraftRow; readonly height: number; readonly onOpen: () => void }) {
  const words = useWords();
  const language = useLanguage();
  const { to, subject, snippet, savedMs } = of.draft;
  return (
    <button
      type="button"
      class="row row-still draft-row"
      title={letterTime(words, language, savedMs, nowMs())}
      style={{ height: `${of.height}px` }}
      onClick={of.onOpen}
    >
      <span class="row-dot" />
      <span class="row-line">
        <span class="row-name">{namesOf(to, words)}</span>
        <span class="row-side">
          <span class="row-time">{listTime(language, savedMs, nowMs())}</span>
        </span>
      </span>
      <span class="row-line">
        <span class="row-text">
          <span class="row-subject">{subject || words.compose.noSubject}</span>
          {snippet ? <span class="row-snippet"> · {snippet}</span> : null}
        </span>
      </span>
    </button>
  );
}

/** j and k, the arrows and Enter walk the rows as in every list. */
function useWalk(isOn: boolean) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
      const target = event.target;
      const isElsewhere =
        target instanceof Element && target.closest('input, textarea, select, .composer, dialog, .menu');
      if (by === undefined || isElsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
      const rows = [...(place.current?.querySelectorAll<HTMLElement>('.draft-row') ?? [])];
      if (rows.length === 0) return;
      const at = rows.findIndex((row) => row === document.activeElement);
      rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [isOn]);
  return place;
}

export function DraftsPlace(of: DraftsPlaceProps) {
  const words = useWords();
  const found = useFound(of);
  const place = useWalk(of.role === 'drafts' && of.isAlone);
  const cancel = async (waiting: Waiting): Promise<void> => {
    const result = await of.backend.unsend(waiting.submissionIds);
    of.control.draftsChanged();
    if (result.ok) of.control.compose({ kind: 'draft', id: result.value.draftId });
    else of.control.model.say(result.error.kind === 'left' ? words.compose.leftAlready : words.toasts.failed);
  };
  if (!found) return <div class="waiting" />;
  const { drafts, waiting } = found;
  const isEmpty = drafts.length === 0 && waiting.length === 0;
  if (isEmpty) return of.isAlone ? <Empty drawing="letter" sentence={words.empty[of.role]} /> : null;
  return (
    <div class={of.isAlone ? 'drafts drafts-alone' : 'drafts'} ref={place}>
      {waiting.length > 0 ? (
        <section aria-label={words.compose.waitingHeading}>
          <h2 class="label drafts-heading">{words.compose.waitingHeading}</h2>
          {waiting.map((one) => (
            <WaitingRow key={one.submissionIds.join()} waiting={one} onCancel={() => void cancel(one)} />
          ))}
        </section>
      ) : null}
      {drafts.length > 0 ? (
        <div>
          {waiting.length > 0 ? <h2 class="label drafts-heading">{words.compose.draftsHeading}</h2> : null}
          {drafts.map((draft) => (
            <Draft
              key={draft.id}
              draft={draft}
              height={of.rowHeight}
              onOpen={() => of.control.compose({ kind: 'draft', id: draft.id })}
            />
          ))}
        </div>
      ) : null}
    </div>
  );
}
