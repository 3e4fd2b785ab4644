// The three welcome messages of an account that holds no letter yet: which are shown, and what a key does to them. Pure.

import type { WelcomeKey } from '../backend.ts';
import { boxOf, type MailState } from './mail-state.ts';

const welcomeKeys: readonly WelcomeKey[] = ['sealed', 'safety', 'try'];

/** Those that were not put away, while the inbox is open and no mailbox holds any letter. */
export function welcomesOf(state: MailState, gone: readonly WelcomeKey[]): readonly WelcomeKey[] {
  const first =
    boxOf(state)?.role === 'inbox' && state.ids?.length === 0 && state.mailboxes.every((box) => box.total === 0);
  return first ? welcomeKeys.filter((key) => !gone.includes(key)) : [];
}

export interface WelcomeView {
  readonly cursor: WelcomeKey | undefined;
  readonly opened: WelcomeKey | undefined;
}
export const nothingChosen: WelcomeView = { cursor: undefined, opened: undefined };

export type WelcomeStep = 'next' | 'previous' | 'open' | 'close' | 'put-away';

const steps: Readonly<Record<string, WelcomeStep>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  o: 'open',
  Enter: 'open',
  Escape: 'close',
  e: 'put-away',
  '#': 'put-away',
  Delete: 'put-away',
  x: 'put-away',
};

export function welcomeStepOf(key: string): WelcomeStep | undefined {
  return steps[key];
}

/** undefined: the step means nothing here and is somebody else's. */
export function afterStep(view: WelcomeView, shown: readonly WelcomeKey[], step: WelcomeStep): WelcomeView | undefined {
  const at = shown.findIndex((key) => key === (view.opened ?? view.cursor));
  switch (step) {
    case 'next':
    case 'previous': {
      const to = at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + (step === 'next' ? 1 : -1)));
      return { cursor: shown[to], opened: view.opened ? shown[to] : undefined };
    }
    case 'open':
      return { cursor: shown[Math.max(0, at)], opened: shown[Math.max(0, at)] };
    case 'close':
      return view.opened ? { ...view, opened: undefined } : undefined;
    case 'put-away':
      break;
  }
  const next = shown[at + 1] ?? shown[at - 1];
  return at < 0 ? undefined : { cursor: next, opened: view.opened ? next : undefined };
}
