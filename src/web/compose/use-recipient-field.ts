// The conduct of a recipient field: what is typed becomes chips, completion is offered, arrows and backspace walk between chips.

import type { TargetedClipboardEvent, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Person } from '../backend.ts';
import { chipState, isAddress, type ComposeState } from './compose-state.ts';
import { isManyAddresses, peopleInText, withPeople } from './recipient-text.ts';

const SUGGEST_AFTER_MS = 80;

export interface Typed {
  readonly people: readonly Person[];
  readonly known: ComposeState['known'];
  readonly focus: boolean;
  readonly suggest: (text: string) => Promise<readonly Person[]>;
  readonly onPeople: (people: readonly Person[]) => void;
  readonly onCompare: (person: Person) => void;
}

/** Names that fit what is typed, without those that stand there already. */
function useSuggestions(of: Typed, text: string): readonly Person[] {
  const [found, setFound] = useState<{ readonly of: string; readonly people: readonly Person[] } | undefined>(
    undefined,
  );
  useEffect(() => {
    if (text.trim() === '') return undefined;
    let isCurrent = true;
    const timer = setTimeout(
      () =>
        void of.suggest(text).then(
          (people) => (isCurrent ? setFound({ of: text, people }) : undefined),
          () => undefined, // completion is a help, typing goes on without it
        ),
      SUGGEST_AFTER_MS,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text]);
  if (text.trim() === '' || !found) return [];
  const there = new Set(of.people.map(({ address }) => address.toLowerCase()));
  // Until the next answer is here, what was found for fewer letters is looked through.
  const fits = ({ name, address }: Person): boolean =>
    found.of === text || `${name} ${address}`.toLowerCase().includes(text.trim().toLowerCase());
  return found.people.filter((one) => fits(one) && !there.has(one.address.toLowerCase())).slice(0, 6);
}

/** What is offered for the text, and which of it is chosen; a whole address is taken as it is typed. */
function useCompletion(of: Typed, text: string) {
  const found = useSuggestions(of, text);
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? found : [];
  return {
    shown,
    at,
    close: (): void => setOpen(false),
    typed: (next: string): void => {
      setAt(isAddress(next.trim()) ? -1 : 0);
      setOpen(true);
    },
    /** Whether the key was about what is offered. */
    step: (by: -1 | 1): boolean => {
      if (found.length === 0 || (by < 0 && shown.length === 0)) return false;
      setOpen(true);
      setAt(Math.max(0, Math.min(found.length - 1, isOpen ? at + by : 0)));
      return true;
    },
  };
}

/** Where the keyboard is among the chips and the text behind them. */
function useChips(of: Typed) {
  const input = useRef<HTMLInputElement>(null);
  const chips = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (of.focus) input.current?.focus();
  }, []);
  const focusChip = (index: number): void => {
    const faces = chips.current?.querySelectorAll<HTMLElement>('.recipient-face') ?? [];
    (faces[index] ?? input.current)?.focus();
  };
  const remove = (index: number): void => {
    of.onPeople(of.people.filter((_, other) => other !== index));
    setTimeout(() => focusChip(Math.min(index, of.people.length - 2)));
  };
  /** Back into the text, to be corrected. */
  const takeOut = (person: Person, index: number): string => {
    of.onPeople(of.people.filter((_, other) => other !== index));
    input.current?.focus();
    return person.address;
  };
  return { input, chips, focusChip, remove, takeOut };
}

/** `typed` is known at once: leaving the field while it is drawn anew must not add the same again. */
function useTypedText() {
  const [text, showText] = useState('');
  const typed = useRef('');
  const setText = (next: string): void => {
    typed.current = next;
    showText(next);
  };
  return { text, typed, setText };
}

/** A paste that is people at once; anything else goes on as text. */
function pastedPeople(event: TargetedClipboardEvent<HTMLInputElement>, text: string): readonly Person[] | undefined {
  const pasted = event.clipboardData?.getData('text/plain') ?? '';
  if (!isManyAddresses(pasted)) return undefined;
  event.preventDefault();
  return peopleInText(`${text} ${pasted}`);
}

function isAtStart({ selectionStart, selectionEnd }: HTMLInputElement): boolean {
  return selectionStart === 0 && selectionEnd === 0;
}

export function useRecipientField(of: Typed) {
  const { text, typed, setText } = useTypedText();
  const completion = useCompletion(of, text);
  const walk = useChips(of);
  const { shown, at } = completion;

  const add = (people: readonly Person[]): void => {
    setText('');
    completion.close();
    if (people.length > 0) of.onPeople(withPeople(of.people, people));
  };
  const commit = (): void => {
    if (typed.current.trim() !== '') add(peopleInText(typed.current));
  };
  const press = (person: Person, index: number): void => {
    const state = chipState(person, of.known);
    if (state === 'changed') of.onCompare(person);
    if (state === 'invalid' || state === 'unknown') setText(walk.takeOut(person, index));
  };
  /** Whether the key was meant for the field. */
  const take = (event: TargetedKeyboardEvent<HTMLInputElement>): boolean => {
    const chosen = shown[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      return completion.step(event.key === 'ArrowDown' ? 1 : -1);
    if ((event.key === 'Enter' || event.key === 'Tab') && chosen && !event.shiftKey) add([chosen]);
    else if (event.key === 'Escape' && shown.length > 0) completion.close();
    else if ([',', ';', 'Enter'].includes(event.key)) commit();
    else if (
      (event.key === 'Backspace' || event.key === 'ArrowLeft') &&
      isAtStart(event.currentTarget) &&
      of.people.length > 0
    ) {
      walk.focusChip(of.people.length - 1);
    } else return false;
    return true;
  };
  const onKey = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return commit();
    if (!take(event)) return undefined;
    event.stopPropagation();
    return event.preventDefault();
  };
  return {
    ...walk,
    text,
    shown,
    at,
    add,
    press,
    onKey,
    onInput: (next: string): void => (setText(next), completion.typed(next)),
    onBlur: (): void => (completion.close(), commit()),
    onPaste: (event: TargetedClipboardEvent<HTMLInputElement>): void => {
      const people = pastedPeople(event, text);
      if (people) add(people);
    },
  };
}
