// The keys of every command, and which command a stroke means.

export type CommandName =
  | 'next'
  | 'previous'
  | 'open'
  | 'write'
  | 'reply'
  | 'reply-all'
  | 'forward'
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

/** As shown; matched against KeyboardEvent.key. Empty: palette only. */
export const commandKeys: Readonly<Record<CommandName, readonly string[]>> = {
  next: ['j', 'ArrowDown'],
  previous: ['k', 'ArrowUp'],
  open: ['Enter', 'o'],
  write: ['c'],
  reply: ['r'],
  'reply-all': ['a'],
  forward: ['f'],
  archive: ['e'],
  trash: ['#', 'Delete'],
  move: ['v'],
  label: ['l'],
  star: ['s'],
  unread: ['u'],
  undo: ['z'],
  search: ['/'],
  'server-view': ['S'],
  inbox: ['i'],
  settings: [','],
  help: ['?'],
  palette: ['Cmd/Ctrl K'],
  'sign-out': [],
  escape: ['Escape'],
};

/** In the order of the palette and of the help. */
const commandNames: readonly CommandName[] = [
  'next',
  'previous',
  'open',
  'write',
  'reply',
  'reply-all',
  'forward',
  'archive',
  'trash',
  'move',
  'label',
  'star',
  'unread',
  'undo',
  'search',
  'server-view',
  'inbox',
  'settings',
  'help',
  'palette',
  'sign-out',
  'escape',
];

export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], .composer') !== null
  );
}

/** The command of a key stroke. While text is being typed only Esc and the palette count. */
export function commandOf(stroke: Stroke, typing: boolean): CommandName | undefined {
  if ((stroke.ctrlKey || stroke.metaKey) && !stroke.altKey && stroke.key.toLowerCase() === 'k') return 'palette';
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return undefined;
  if (stroke.key === 'Escape') return 'escape';
  if (typing) return undefined;
  return commandNames.find((name) => commandKeys[name].includes(stroke.key));
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
  const [key] = commandKeys[name];
  return key ? keyWord(key) : '';
}
