// One row of the list: who, when, what; unread, sealed how, starred, with files.

import type { ListRow, MailboxInfo, Person } from '../backend.ts';
import { shapeOfRow } from './row-shape.ts';
import { Icon } from '../parts/icon.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { inTime, listTime, type Language } from '../words/dates.ts';
import type { Words } from '../words/words.ts';
import { isStarred, isUnread } from './mail-state.ts';

export interface MessageRowProps {
  readonly row: ListRow | undefined;
  readonly id: string;
  readonly top: number;
  readonly height: number;
  readonly position: number;
  readonly count: number;
  readonly selected: boolean;
  readonly marked: boolean;
  readonly fresh: boolean;
  /** Sent and drafts show to whom instead of from whom. */
  readonly outgoing: boolean;
  /** Other folders the letter lies in. */
  readonly labels: readonly MailboxInfo[];
  readonly myAddress: string | undefined;
  readonly words: Words;
  readonly language: Language;
  readonly nowMs: number;
  readonly onPress: (event: MouseEvent) => void;
}

function whoOf({ row, outgoing, words, myAddress }: MessageRowProps & { readonly row: ListRow }): string {
  const people = outgoing ? row.to : row.from;
  const isMe = ({ address }: Person): boolean => !outgoing && people.length > 1 && address === myAddress;
  const names = people.map((person) => (isMe(person) ? words.list.me : person.name || person.address)).join(', ');
  if (names === '') return words.list.noSender;
  return outgoing ? `${words.list.toPrefix} ${names}` : names;
}

const LABELS_SHOWN = 2;

function Labels({ labels }: { readonly labels: readonly MailboxInfo[] }) {
  if (labels.length === 0) return null;
  const shown = labels.slice(0, LABELS_SHOWN);
  const more = labels.length - shown.length;
  return (
    <span class="row-labels" title={labels.map((box) => box.name).join(', ')}>
      {shown.map((box) => (
        <span key={box.id} class="row-label">
          {box.name}
        </span>
      ))}
      {more > 0 ? <span class="row-label">+{more}</span> : null}
    </span>
  );
}

function AnsweredMark({ mark, words }: { readonly mark: '$answered' | '$forwarded'; readonly words: Words }) {
  const word = mark === '$answered' ? words.compose.answered : words.compose.forwardedMark;
  return (
    <span title={word}>
      <Icon name={mark === '$answered' ? 'reply' : 'forward'} />
      <span class="unseen">{word}</span>
    </span>
  );
}

function RowText(of: MessageRowProps & { readonly row: ListRow }) {
  const { row, words } = of;
  const { shape, left } = shapeOfRow(row, of.nowMs);
  const sign = row.expiresMs
    ? words.expires(inTime(of.language, row.expiresMs, of.nowMs))
    : row.altered
      ? words.list.altered
      : words.signs[row.sign];
  return (
    <>
      <span class="row-dot">{isUnread(row) ? <span class="unseen">{words.list.unread}. </span> : null}</span>
      <span class="row-line">
        <span class="row-name">{whoOf(of)}</span>
        {row.threadCount > 1 ? (
          <span class="row-thread" title={words.list.conversation(row.threadCount)}>
            <span aria-hidden="true">{row.threadCount}</span>
            <span class="unseen">, {words.list.conversation(row.threadCount)}</span>
          </span>
        ) : null}
        <span class="row-side">
          <SealMark shape={shape} size={14} label={sign} {...(left === undefined ? {} : { left })} />
          <span class="row-time">{listTime(of.language, row.receivedMs, of.nowMs)}</span>
        </span>
      </span>
      <span class="row-line">
        <span class="row-text">
          <span class="row-subject">{row.altered ? words.list.altered : row.subject || words.list.noSubject}</span>
          {row.snippet && !row.altered ? <span class="row-snippet"> · {row.snippet}</span> : null}
        </span>
        <Labels labels={of.labels} />
        <span class="row-icons">
          {row.attachmentsCount > 0 ? (
            <span title={words.list.attachments(row.attachmentsCount)}>
              <Icon name="paperclip" />
              <span class="unseen">{words.list.attachments(row.attachmentsCount)}</span>
            </span>
          ) : null}
          {(['$answered', '$forwarded'] as const).map((mark) =>
            row.keywords.includes(mark) ? <AnsweredMark key={mark} mark={mark} words={words} /> : null,
          )}
          {isStarred(row) ? (
            <span title={words.list.starred}>
              <Icon name="star" filled />
              <span class="unseen">{words.list.starred}</span>
            </span>
          ) : null}
        </span>
      </span>
    </>
  );
}

export function MessageRow(of: MessageRowProps) {
  const { row } = of;
  return (
    <div
      id={`row-${of.id}`}
      class="row"
      role="option"
      aria-selected={of.selected || of.marked}
      aria-posinset={of.position}
      aria-setsize={of.count}
      aria-label={row ? undefined : of.words.list.opening}
      data-unread={isUnread(row) ? '' : undefined}
      data-selected={of.selected ? '' : undefined}
      data-marked={of.marked ? '' : undefined}
      data-fresh={of.fresh ? '' : undefined}
      style={{ transform: `translateY(${of.top}px)`, height: `${of.height}px` }}
      onClick={of.onPress}
    >
      {row ? <RowText {...of} row={row} /> : null}
    </div>
  );
}
