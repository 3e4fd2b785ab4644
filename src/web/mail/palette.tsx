// Palette (Cmd/Ctrl-K): every command and every place by name, each with its key.

import { useMemo, useState } from 'preact/hooks';
import type { IconName } from '../look/icons.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../parts/speech.tsx';

export interface PaletteChoice {
  readonly key: string;
  readonly word: string;
  readonly icon: IconName;
  readonly hotkey: string;
  readonly onChoose: () => void;
}

/** Every word of the question must begin a word of the answer or stand in it. */
export function matches(choice: string, asked: string): boolean {
  const text = choice.toLowerCase();
  return asked
    .toLowerCase()
    .split(/\s+/)
    .every((part) => text.includes(part));
}

export function Palette(of: { readonly choices: readonly PaletteChoice[]; readonly onClose: () => void }) {
  const words = useWords();
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => of.choices.filter((choice) => matches(choice.word, asked.trim())), [asked, of.choices]);
  const choose = (choice: PaletteChoice | undefined): void => {
    if (!choice) return;
    of.onClose();
    choice.onChoose();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') choose(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label={words.keys.palette} kind="palette" onClose={of.onClose}>
      <div class="palette-search">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[at] ? `palette-${found[at].key}` : undefined}
          aria-label={words.palette.placeholder}
          placeholder={words.palette.placeholder}
          value={asked}
          autofocus
          onInput={(event) => {
            setAsked(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <kbd>Esc</kbd>
      </div>
      <div class="palette-list" id="palette-list" role="listbox" aria-label={words.keys.palette} tabindex={-1}>
        {found.map((choice, index) => (
          <div
            key={choice.key}
            id={`palette-${choice.key}`}
            role="option"
            class="choice"
            aria-selected={index === at}
            ref={(element) => {
              if (index === at) element?.scrollIntoView({ block: 'nearest' });
            }}
            onClick={() => choose(choice)}
          >
            <Icon name={choice.icon} />
            <span class="choice-word">{choice.word}</span>
            {choice.hotkey ? <kbd>{choice.hotkey}</kbd> : null}
          </div>
        ))}
        {found.length === 0 ? (
          <div class="choice" role="option" aria-disabled="true" aria-selected="false">
            {words.palette.nothing}
          </div>
        ) : null}
      </div>
    </Dialog>
  );
}
