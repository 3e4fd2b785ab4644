// The right pane: what can be done with the letter, and the letter itself, whose part is loaded when the first one is opened.

import type { Disclosure } from '../backend.ts';
import type { LetterViewProps } from '../letter/letter-view.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { useLater } from '../parts/use-later.ts';
import { useWords } from '../parts/speech.tsx';
import type { Layout } from '../parts/use-layout.ts';
import type { CommandName } from './command-keys.ts';
import type { LetterToolsProps } from './letter-tools.tsx';
import type { MailState } from './mail-state.ts';

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
      isListed={(id) => opened !== undefined && of.state.groups.get(opened)?.here.includes(id) === true}
      onOther={of.onOther}
      onAnswer={(how) => of.onCommand(how)}
      onServerView={() => of.onCommand('server-view')}
      onKey={of.onKey}
      onWriteTo={of.onWriteTo}
    />
  );
}

function ToolsLater(of: LetterPaneProps) {
  const Tools = useLater<LetterToolsProps>(async () => (await import('./letter-tools.tsx')).LetterTools);
  return Tools ? <Tools {...of} /> : <div class="letter-tools" />;
}

function Marked({ state }: LetterPaneProps) {
  const Sentence = useLater<Pick<LetterToolsProps, 'state'>>(async () => (await import('./letter-tools.tsx')).Marked);
  return Sentence ? <Sentence state={state} /> : null;
}

export function LetterPane(of: LetterPaneProps) {
  const words = useWords();
  const { state } = of;
  const any = state.opened !== undefined || state.marked.size > 0;
  return (
    <section class="letter-pane" aria-label={words.letter.body} data-open={state.opened ? '' : undefined}>
      {any ? <ToolsLater {...of} /> : null}
      <div class="letter-scroll" key={state.opened ?? 'none'} tabindex={state.opened ? 0 : undefined}>
        {state.opened ? (
          <Opened {...of} />
        ) : state.marked.size > 0 ? (
          <Marked {...of} />
        ) : (
          <Empty drawing="closed" sentence={words.empty.noLetter} hint={words.empty.noLetterHint} />
        )}
      </div>
    </section>
  );
}
