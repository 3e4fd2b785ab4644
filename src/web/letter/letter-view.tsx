// The open letter with its conversation below it. Loaded with DOMPurify when the first letter is opened.

import type { LetterId } from '#base/ids.ts';
import type { AnswerKind } from '#formats/compose/answer.ts';
import type { ListRow } from '../backend.ts';
import { Conversation, type OpenOther } from './conversation.tsx';
import { ReplyBar } from './reply-bar.tsx';
import { LetterArticle, type LetterArticleProps } from './letter-article.tsx';

export interface LetterViewProps extends Omit<LetterArticleProps, 'onFold'> {
  /** The other messages of the conversation, newest first. */
  readonly others: readonly ListRow[];
  /** Whether a message stands behind the same row of the list: unread ones are shown at once. */
  readonly isListed: (id: LetterId) => boolean;
  readonly onOther: OpenOther;
  readonly onAnswer: (how: AnswerKind) => void;
}

/** `key` by letter: what was unfolded or shown of one is not of the next. */
export function LetterView(of: LetterViewProps) {
  const id: LetterId = of.letter.id;
  return (
    <>
      <LetterArticle key={id} {...of} />
      <ReplyBar letter={of.letter} myAddress={of.myAddress} onAnswer={of.onAnswer} />
      <Conversation key={`${id}-others`} {...of} />
    </>
  );
}
