// The right pane: what can be done with the letter, and the letter itself, whose part is loaded when the first one is opened.

import type { Disclosure } from '../backend.ts';
import type { LetterViewProps } from '../letter/letter-view.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useLater } from '../parts/use-later.ts';
import { useWords } from '../parts/speech.tsx';
import type { Layout } from '../parts/use-layout.ts';
import { hotkeyOf, type CommandName } from './command-keys.ts';
import { boxOf, isStarred, isUnread, targetsOf, type MailState } from './mail-state.ts';

export interface LetterPaneProps {
  readonly state: MailState;
  readonly layout: Layout;
  readonly disclosure: Disclosure | undefined;
  readonly others: LetterViewProps['others'];
  readonly onOther: LetterViewProps['onOther'];
  readonly onCommand: (name: CommandName, at?: HTMLElement) => void;
  readonly onClose: () => void;
  readonly onAgain: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onWriteTo: LetterViewProps['onWriteTo'];
}

function Tools(of: LetterPaneProps) {
  const words = useWords();
  const { state } = of;
  const targets = targetsOf(state);
  const rows = targets.map((id) => state.rows.get(id));
  const starred = rows.length > 0 && rows.every(isStarred);
  const unread = rows.some(isUnread);
  // With one pane there is no room: the bar under the letter has them.
  const one = targets.length === 1 && of.layout !== 'narrow';
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
      {state.marked.size > 0 ? <span class="tools-count">{words.list.results(state.marked.size)}</span> : null}
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

function Opened(of: LetterPaneProps) {
  const words = useWords();
  // With the purifier: fetched once, when the first letter is opened.
  const LetterView = useLater<LetterViewProps>(async () => (await import('../letter/letter-view.tsx')).LetterView);
  const { letter, opened, rows, session } = of.state;
  if (!letter || !LetterView) return <div class="waiting" />;
  if (!letter.ok) {
    const { kind } = letter.error;
    return (
      <Empty
        drawing={kind === 'altered' || kind === 'unreadable' ? 'broken' : 'closed'}
        sentence={words.letter.refusals[kind]}
        {...(kind === 'altered' ? { hint: words.letter.alteredHint } : {})}
      >
        {kind === 'no-connection' || kind === 'server-unavailable' ? (
          <Button kind="outline" onPress={of.onAgain}>
            {words.letter.tryAgain}
          </Button>
        ) : null}
      </Empty>
    );
  }
  return (
    <LetterView
      letter={letter.value}
      row={opened ? rows.get(opened) : undefined}
      myAddress={session?.address ?? ''}
      disclosure={of.disclosure}
      others={of.others}
      onOther={of.onOther}
      onAnswer={(how) => of.onCommand(how)}
      onServerView={() => of.onCommand('server-view')}
      onKey={of.onKey}
      onWriteTo={of.onWriteTo}
    />
  );
}

export function LetterPane(of: LetterPaneProps) {
  const words = useWords();
  const { state } = of;
  const any = state.opened !== undefined || state.marked.size > 0;
  return (
    <section class="letter-pane" aria-label={words.letter.body} data-open={state.opened ? '' : undefined}>
      {any ? <Tools {...of} /> : null}
      <div class="letter-scroll" key={state.opened ?? 'none'} tabindex={state.opened ? 0 : undefined}>
        {state.opened ? (
          <Opened {...of} />
        ) : state.marked.size > 0 ? (
          <Empty drawing="letter" sentence={words.list.results(state.marked.size)} />
        ) : (
          <Empty drawing="closed" sentence={words.empty.noLetter} hint={words.empty.noLetterHint} />
        )}
      </div>
    </section>
  );
}
