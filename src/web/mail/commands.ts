// Every command of the mailbox once: its key, its word, its icon. Keyboard, palette, menus and help all read this table.

import type { IconName } from '../look/icons.ts';
import type { Words } from '../words/words.ts';

export type CommandName =
  | 'next'
  | 'previous'
  | 'open'
  | 'archive'
  | 'trash'
  | 'move'
  | 'label'
  | 'star'
  | 'unread'
  | 'search'
  | 'server-view'
  | 'inbox'
  | 'settings'
  | 'help'
  | 'palette'
  | 'undo'
  | 'sign-out'
  | 'escape';

export interface Command {
  readonly name: CommandName;
  /** As shown; matched against KeyboardEvent.key. Empty: palette only. */
  readonly keys: readonly string[];
  readonly icon: IconName;
  readonly word: (words: Words) => string;
  /** Needs a letter to act on. */
  readonly onLetters?: boolean;
  /** Not offered in the palette: moving about and closing. */
  readonly quiet?: boolean;
}

export const commands: readonly Command[] = [
  { name: 'next', keys: ['j', 'ArrowDown'], icon: 'chevron-down', word: (words) => words.keys.next, quiet: true },
  { name: 'previous', keys: ['k', 'ArrowUp'], icon: 'chevron-down', word: (words) => words.keys.previous, quiet: true },
  {
    name: 'open',
    keys: ['Enter', 'o'],
    icon: 'mail-open',
    word: (words) => words.keys.open,
    onLetters: true,
    quiet: true,
  },
  { name: 'archive', keys: ['e'], icon: 'archive', word: (words) => words.keys.archive, onLetters: true },
  { name: 'trash', keys: ['#', 'Delete'], icon: 'trash-2', word: (words) => words.keys.trash, onLetters: true },
  { name: 'move', keys: ['v'], icon: 'folder-input', word: (words) => words.keys.move, onLetters: true },
  { name: 'label', keys: ['l'], icon: 'tag', word: (words) => words.keys.label, onLetters: true },
  { name: 'star', keys: ['s'], icon: 'star', word: (words) => words.keys.star, onLetters: true },
  { name: 'unread', keys: ['u'], icon: 'mail', word: (words) => words.keys.unread, onLetters: true },
  { name: 'undo', keys: ['z'], icon: 'undo-2', word: (words) => words.undo },
  { name: 'search', keys: ['/'], icon: 'search', word: (words) => words.keys.search },
  { name: 'server-view', keys: ['S'], icon: 'scan-eye', word: (words) => words.keys.serverView },
  { name: 'inbox', keys: ['i'], icon: 'inbox', word: (words) => words.keys.goInbox },
  { name: 'settings', keys: [','], icon: 'settings', word: (words) => words.places.settings },
  { name: 'help', keys: ['?'], icon: 'key-round', word: (words) => words.keys.help },
  { name: 'palette', keys: ['Cmd/Ctrl K'], icon: 'search', word: (words) => words.keys.palette, quiet: true },
  { name: 'sign-out', keys: [], icon: 'log-out', word: (words) => words.places.signOut },
  { name: 'escape', keys: ['Escape'], icon: 'x', word: (words) => words.keys.escape, quiet: true },
];

export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** The command of a key stroke. While text is being typed only Esc and the palette count. */
export function commandOf(stroke: Stroke, typing: boolean): CommandName | undefined {
  if ((stroke.ctrlKey || stroke.metaKey) && !stroke.altKey && stroke.key.toLowerCase() === 'k') return 'palette';
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return undefined;
  if (stroke.key === 'Escape') return 'escape';
  if (typing) return undefined;
  return commands.find((command) => command.keys.includes(stroke.key))?.name;
}

const keyWords: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  Delete: 'Del',
  Enter: '↵',
};

export function keyWord(key: string): string {
  return keyWords[key] ?? key;
}

/** The key a tooltip or menu names for a command. */
export function hotkeyOf(name: CommandName): string {
  const key = commands.find((command) => command.name === name)?.keys[0];
  return key ? keyWord(key) : '';
}
