// What can be done with the chosen letters: the bar above the open one. Loaded when the first is opened or marked.

import { Empty } from '../parts/empty.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Layout } from '../parts/use-layout.ts';
import type { Words } from '../words/words.ts';
import { hotkeyOf, type CommandName } from './command-keys.ts';
import { boxOf, chosenOf, isStarred, isUnread, shownRow, targetsOf, type MailState } from './mail-state.ts';

export interface LetterToolsProps {
  readonly state: MailState;
  readonly layout: Layout;
  readonly onCommand: (name: CommandName, at?: HTMLElement) => void;
  readonly onClose: () => void;
}

function markedSentence(state: MailState, words: Words): string {
  const letters = targetsOf(state).length;
  const rows = state.marked.size;
  return rows === letters ? words.list.results(letters) : words.list.chosen(rows, letters);
}

export function LetterTools(of: LetterToolsProps) {
  const words = useWords();
  const { state } = of;
  const chosen = chosenOf(state);
  const rows = chosen.map((id) => shownRow(state, id));
  const starred = rows.length > 0 && rows.every(isStarred);
  const unread = rows.some(isUnread);
  // With one pane there is no room: the bar under the letter has them.
  const one = chosen.length === 1 && of.layout !== 'narrow';
  const inTrash = boxOf(state)?.role === 'trash';
  const tool = (name: CommandName, icon: Parameters<typeof IconButton>[0]['icon'], label: string, filled = false) => (
    <IconButton
      icon={icon}
      name={name}
      label={label}
      hotkey={hotkeyOf(name)}
      filled={filled}
      onPress={(at) => of.onCommand(name, at)}
    />
  );
  return (
    <div class="letter-tools" role="toolbar" aria-label={words.list.messages}>
      {of.layout === 'narrow' ? (
        <IconButton icon="arrow-left" label={words.back} hotkey="Esc" onPress={of.onClose} />
      ) : null}
      {state.marked.size > 0 ? <span class="tools-count">{markedSentence(state, words)}</span> : null}
      <span class="tools-space" />
      {tool('archive', 'archive', words.letter.archive)}
      {tool('move', 'folder-input', words.letter.move)}
      {tool('label', 'tag', words.letter.label)}
      {tool('trash', 'trash-2', inTrash ? words.letter.deleteForever : words.letter.trash)}
      <span class="tools-line" />
      {tool('star', 'star', starred ? words.letter.unstar : words.letter.star, starred)}
      {tool('unread', unread ? 'mail-open' : 'mail', unread ? words.letter.markRead : words.letter.markUnread)}
      <span class="tools-end" />
      {one ? tool('reply', 'reply', words.compose.reply) : null}
      {one ? tool('reply-all', 'reply-all', words.compose.replyAll) : null}
      {one ? tool('forward', 'forward', words.compose.forward) : null}
    </div>
  );
}

/** In place of a letter while several are chosen. */
export function Marked({ state }: Pick<LetterToolsProps, 'state'>) {
  const words = useWords();
  return <Empty drawing="letter" sentence={markedSentence(state, words)} />;
}
