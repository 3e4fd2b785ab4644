// The welcome messages while they are shown: which is open, the keys that act on them, and what was put away, kept sealed with the preferences.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Preferences, WelcomeKey } from '../backend.ts';
import { useWords } from '../parts/speech.tsx';
import type { ToastMessage } from '../parts/toast.tsx';
import { useStore } from '../parts/use-store.ts';
import { commandOf, isTyping } from './command-keys.ts';
import type { MailControl } from './mail-control.ts';
import { afterStep, nothingChosen, welcomesOf, welcomeStepOf, type WelcomeStep } from './welcome.ts';

export interface Choices {
  readonly preferences: Preferences;
  /** Whether what is kept of them is here. */
  readonly isKnown: boolean;
  readonly set: (preferences: Preferences) => void;
}

export interface Welcome {
  /** Empty: this is not the first run, or all were put away. */
  readonly shown: readonly WelcomeKey[];
  /** Neither the messages nor "All read." are shown before it is known which. */
  readonly isWaiting: boolean;
  readonly cursor: WelcomeKey | undefined;
  readonly opened: WelcomeKey | undefined;
  readonly toast: ToastMessage | undefined;
  readonly open: (key: WelcomeKey) => void;
  readonly step: (step: WelcomeStep) => boolean;
  readonly dropToast: (key: number) => void;
}

export function useWelcome(control: MailControl, choices: Choices): Welcome {
  const state = useStore(control.model.store);
  const words = useWords();
  const [view, setView] = useState(nothingChosen);
  const [undoable, setUndoable] = useState<{ readonly gone: WelcomeKey; readonly key: number } | undefined>(undefined);
  const { preferences, isKnown } = choices;
  const possible = welcomesOf(state, preferences.welcomeGone);
  const shown = isKnown ? possible : [];
  const chosen = view.opened ?? view.cursor;

  const step = (what: WelcomeStep): boolean => {
    const next = afterStep(view, shown, what);
    if (!next) return false;
    setView(next);
    if (what !== 'put-away' || !chosen) return true;
    choices.set({ ...preferences, welcomeGone: [...preferences.welcomeGone, chosen] });
    setUndoable({ gone: chosen, key: (undoable?.key ?? 0) - 1 });
    return true;
  };
  const undo = (): void => {
    if (!undoable) return;
    choices.set({ ...preferences, welcomeGone: preferences.welcomeGone.filter((key) => key !== undoable.gone) });
    setUndoable(undefined);
  };
  const isOn = shown.length > 0 || undoable !== undefined;
  useWelcomeKeys(control, isOn, (key) => {
    if (key === 'z' && undoable) {
      undo();
      return true;
    }
    const what = shown.length > 0 ? welcomeStepOf(key) : undefined;
    return what !== undefined && step(what);
  });
  const isHere = (key: WelcomeKey | undefined): WelcomeKey | undefined =>
    key && shown.includes(key) ? key : undefined;
  return {
    shown,
    isWaiting: !isKnown && possible.length > 0,
    cursor: isHere(chosen),
    opened: isHere(view.opened),
    toast: undoable && { key: undoable.key, text: words.toasts.archived(1), undo },
    open: (key) => setView({ cursor: key, opened: key }),
    step,
    dropToast: (key) => setUndoable((known) => (known?.key === key ? undefined : known)),
  };
}

/** Before the commands of the mailbox hear them; what is not ours goes on to them. */
function useWelcomeKeys(control: MailControl, isOn: boolean, press: (key: string) => boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const { overlay, settings } = control.store.get();
      const plain = commandOf(event, isTyping(event.target)) !== undefined || event.key === 'x';
      if (overlay || settings || control.model.store.get().serverView || !plain || event.defaultPrevented) return;
      const onControl = event.target instanceof HTMLElement && event.target.closest('button, a, [role=separator]');
      if (onControl && (event.key === 'Enter' || event.key.startsWith('Arrow'))) return;
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [isOn]);
}
