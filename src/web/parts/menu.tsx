// Menu: a short list of choices under the button that opened it; arrows move, Esc and a press elsewhere close.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { IconName } from '../look/icons.ts';
import { Icon } from './icon.tsx';

export interface MenuChoice {
  readonly key: string;
  readonly word: string;
  readonly icon: IconName;
  readonly hotkey?: string;
  /** A choice that is on or off for all, some or none of what is chosen; the menu stays open. */
  readonly tick?: 'all' | 'some' | 'none';
  readonly onPress: () => void;
}

const checked = { all: 'true', some: 'mixed', none: 'false' } as const;

function Tick({ tick }: { readonly tick: 'all' | 'some' | 'none' }) {
  return (
    <span class="tick" data-tick={tick} aria-hidden="true">
      {tick === 'none' ? null : <Icon name={tick === 'all' ? 'check' : 'minus'} />}
    </span>
  );
}

export function Menu(of: {
  readonly label: string;
  readonly heading?: string;
  readonly at: HTMLElement;
  readonly choices: readonly MenuChoice[];
  readonly onClose: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = place.current;
    if (!menu) return;
    const anchor = of.at.getBoundingClientRect();
    const left = Math.min(anchor.left, window.innerWidth - menu.offsetWidth - 8);
    const below = anchor.bottom + 4;
    const fits = below + menu.offsetHeight < window.innerHeight - 8;
    menu.style.left = `${Math.max(8, left)}px`;
    menu.style.top = `${fits ? below : Math.max(8, anchor.top - menu.offsetHeight - 4)}px`;
    menu.querySelector<HTMLElement>('.choice')?.focus();
  }, []);
  useEffect(() => {
    const elsewhere = (event: Event): void => {
      const target = event.target;
      if (target instanceof Node && (place.current?.contains(target) || of.at.contains(target))) return;
      of.onClose();
    };
    document.addEventListener('pointerdown', elsewhere, true);
    window.addEventListener('resize', of.onClose);
    return () => {
      document.removeEventListener('pointerdown', elsewhere, true);
      window.removeEventListener('resize', of.onClose);
      if (of.at.isConnected) of.at.focus();
    };
  }, []);
  const move = (by: number): void => {
    const items = [...(place.current?.querySelectorAll<HTMLElement>('.choice') ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    items[(at + by + items.length) % items.length]?.focus();
  };
  return (
    <section aria-label={of.label}>
      <div
        ref={place}
        class="menu"
        role="menu"
        aria-label={of.label}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(1);
          else if (event.key === 'ArrowUp') move(-1);
          else if (event.key === 'Escape' || event.key === 'Tab') of.onClose();
          else if (event.key !== 'Enter' && event.key !== ' ') return;
          event.stopPropagation();
          if (event.key !== 'Enter' && event.key !== ' ') event.preventDefault();
        }}
      >
        {of.heading ? <div class="menu-heading label">{of.heading}</div> : null}
        {of.choices.map((choice) => (
          <button
            key={choice.key}
            type="button"
            role={choice.tick ? 'menuitemcheckbox' : 'menuitem'}
            {...(choice.tick ? { 'aria-checked': checked[choice.tick] } : {})}
            class="choice"
            onClick={() => {
              if (!choice.tick) of.onClose();
              choice.onPress();
            }}
          >
            {choice.tick ? <Tick tick={choice.tick} /> : <Icon name={choice.icon} />}
            <span class="choice-word">{choice.word}</span>
            {choice.hotkey ? <kbd>{choice.hotkey}</kbd> : null}
          </button>
        ))}
      </div>
    </section>
  );
}
