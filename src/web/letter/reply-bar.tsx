// ReplyBar: the box under an open letter that answers it; to all where there is somebody else, and forwarding.

import { answerRecipients, type AnswerKind } from '#formats/compose/answer.ts';
import type { OpenedLetter } from '../backend.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useWords } from '../parts/speech.tsx';

export function ReplyBar(of: {
  readonly letter: OpenedLetter;
  readonly myAddress: string;
  readonly onAnswer: (how: AnswerKind) => void;
}) {
  const words = useWords();
  const { to, cc } = answerRecipients(of.letter, 'reply-all', [of.myAddress]);
  return (
    <div class="reply-bar">
      <button type="button" class="reply-box" title={`${words.compose.reply} (r)`} onClick={() => of.onAnswer('reply')}>
        <Icon name="reply" />
        {words.compose.replyBox}
      </button>
      {to.length + cc.length > 1 ? (
        <IconButton
          icon="reply-all"
          label={words.compose.replyAll}
          hotkey="a"
          onPress={() => of.onAnswer('reply-all')}
        />
      ) : null}
      <IconButton icon="forward" label={words.compose.forward} hotkey="f" onPress={() => of.onAnswer('forward')} />
    </div>
  );
}
