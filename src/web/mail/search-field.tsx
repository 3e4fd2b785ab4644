// The search field: asks while one types, leaves with Esc, takes the keyboard when `/` is pressed.

import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useWords } from '../parts/speech.tsx';

const TYPING_MS = 140;

export function SearchField(of: {
  readonly searching: boolean;
  /** Counts up when the field shall take the keyboard. */
  readonly asked: number;
  readonly onSearch: (plainText: string) => void;
  readonly onLeave: () => void;
}) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    if (of.asked > 0) input.current?.focus();
  }, [of.asked]);
  useEffect(() => {
    if (!of.searching) setText('');
  }, [of.searching]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === '') return undefined;
    const timer = setTimeout(() => of.onSearch(wanted), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const leave = (): void => {
    setText('');
    of.onLeave();
    input.current?.blur();
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        inputmode="search"
        enterkeyhint="search"
        aria-label={words.places.search}
        placeholder={words.list.searchPlaceholder}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          if (event.currentTarget.value.trim() === '') of.onLeave();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          leave();
        }}
      />
      {text === '' ? <kbd>/</kbd> : <IconButton icon="x" label={words.list.clearSearch} onPress={leave} />}
    </div>
  );
}
