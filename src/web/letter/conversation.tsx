// The other messages of a conversation: one line each below the open one, unfolded in place when pressed, at once when unread.

import { useEffect, useState } from 'preact/hooks';
import type { LetterId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { ListRow, OpenedLetter, OpenRefusal } from '../backend.ts';
import { isUnread } from '../mail/mail-state.ts';
import { shapeOfRow } from '../mail/row-shape.ts';
import { nowMs } from '../parts/now.ts';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { letterTime } from '../words/dates.ts';
import { LetterArticle } from './letter-article.tsx';
import type { LetterViewProps } from './letter-view.tsx';

const UNFOLDED_MAX = 8;

export type OpenOther = (id: LetterId) => Promise<Result<OpenedLetter, OpenRefusal>>;

function Line(of: { readonly row: ListRow; readonly busy: boolean; readonly onPress: () => void }) {
  const { row } = of;
  const words = useWords();
  const language = useLanguage();
  const { shape, left } = shapeOfRow(row, nowMs());
  const [sender] = row.from;
  return (
    <button
      type="button"
      class="folded"
      aria-expanded={false}
      aria-busy={of.busy}
      data-unread={isUnread(row) ? '' : undefined}
      onClick={of.onPress}
    >
      <SealMark
        shape={shape}
        size={14}
        label={row.altered ? words.list.altered : words.signs[row.sign]}
        {...(left === undefined ? {} : { left })}
      />
      <span class="folded-name">{sender?.name || sender?.address || words.list.noSender}</span>
      <span class="folded-text">{row.altered ? words.list.altered : row.snippet || row.subject}</span>
      <span class="folded-time">{letterTime(words, language, row.receivedMs, nowMs())}</span>
    </button>
  );
}

function Folded(of: LetterViewProps & { readonly other: ListRow; readonly isUnfolding: boolean }) {
  const words = useWords();
  const { other } = of;
  const [opened, setOpened] = useState<Result<OpenedLetter, OpenRefusal> | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const unfold = async (): Promise<void> => {
    setBusy(true);
    setOpened(await of.onOther(other.id).finally(() => setBusy(false)));
  };
  useEffect(() => void (of.isUnfolding && unfold()), []);
  if (opened?.ok) {
    return <LetterArticle {...of} letter={opened.value} row={other} onFold={() => setOpened(undefined)} />;
  }
  return (
    <>
      <Line row={other} busy={busy} onPress={() => void unfold()} />
      {opened ? (
        <p class="folded-refusal" role="alert">
          {words.letter.refusals[opened.error.kind]}
        </p>
      ) : null}
    </>
  );
}

export function Conversation(of: LetterViewProps) {
  const words = useWords();
  const openMs = of.row?.receivedMs ?? of.letter.provenance.arrivedMs;
  const later = of.others.filter((row) => row.receivedMs > openMs);
  const earlier = of.others.filter((row) => row.receivedMs <= openMs);
  // the row said unread: what it meant is shown, but not what comes in while one reads
  const unread = earlier.filter((row) => isUnread(row) && !row.altered && of.isListed(row.id)).slice(0, UNFOLDED_MAX);
  if (of.others.length === 0) return null;
  const part = (rows: readonly ListRow[], heading: string) =>
    rows.length > 0 ? (
      <section class="conversation" aria-label={heading}>
        <h3 class="label">{heading}</h3>
        {rows.map((row) => (
          <Folded key={row.id} {...of} other={row} isUnfolding={unread.includes(row)} />
        ))}
      </section>
    ) : null;
  return (
    <div class="conversation-place">
      {part(later, words.letter.later(later.length))}
      {part(earlier, words.letter.earlier(earlier.length))}
    </div>
  );
}
