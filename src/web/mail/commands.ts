// Every command of the mailbox once: its word and its icon, for palette, menus and help. Its keys stand in command-keys.ts, which the list needs at once.

import type { IconName } from '../look/icons.ts';
import type { Words } from '../words/words.ts';
import type { CommandName } from './command-keys.ts';

export interface Command {
  readonly name: CommandName;
  readonly icon: IconName;
  readonly word: (words: Words) => string;
  /** Needs a letter to act on. */
  readonly onLetters?: boolean;
  /** Not offered in the palette: moving about and closing. */
  readonly quiet?: boolean;
}

export const commands: readonly Command[] = [
  { name: 'next', icon: 'chevron-down', word: (words) => words.keys.next, quiet: true },
  { name: 'previous', icon: 'chevron-down', word: (words) => words.keys.previous, quiet: true },
  {
    name: 'open',
    icon: 'mail-open',
    word: (words) => words.keys.open,
    onLetters: true,
    quiet: true,
  },
  { name: 'write', icon: 'square-pen', word: (words) => words.compose.write },
  { name: 'reply', icon: 'reply', word: (words) => words.compose.reply, onLetters: true },
  { name: 'reply-all', icon: 'reply-all', word: (words) => words.compose.replyAll, onLetters: true },
  { name: 'forward', icon: 'forward', word: (words) => words.compose.forward, onLetters: true },
  { name: 'archive', icon: 'archive', word: (words) => words.keys.archive, onLetters: true },
  { name: 'trash', icon: 'trash-2', word: (words) => words.keys.trash, onLetters: true },
  { name: 'move', icon: 'folder-input', word: (words) => words.keys.move, onLetters: true },
  { name: 'label', icon: 'tag', word: (words) => words.keys.label, onLetters: true },
  { name: 'star', icon: 'star', word: (words) => words.keys.star, onLetters: true },
  { name: 'unread', icon: 'mail', word: (words) => words.keys.unread, onLetters: true },
  { name: 'undo', icon: 'undo-2', word: (words) => words.undo },
  { name: 'search', icon: 'search', word: (words) => words.keys.search },
  { name: 'server-view', icon: 'scan-eye', word: (words) => words.keys.serverView },
  { name: 'inbox', icon: 'inbox', word: (words) => words.keys.goInbox },
  { name: 'settings', icon: 'settings', word: (words) => words.places.settings },
  { name: 'help', icon: 'key-round', word: (words) => words.keys.help },
  { name: 'palette', icon: 'search', word: (words) => words.keys.palette, quiet: true },
  { name: 'sign-out', icon: 'log-out', word: (words) => words.places.signOut },
  { name: 'escape', icon: 'x', word: (words) => words.keys.escape, quiet: true },
];
