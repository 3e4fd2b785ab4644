// Where in the mailbox one is, and its form in the address bar. A search's words never go there: addresses stay in the browser's history.

import { parseId, type LetterId, type MailboxId } from '#base/ids.ts';

/** A page beside the mail: a section of the settings, or a room of its own. */
export type Room = 'contacts' | 'safety' | 'desk';
export type SettingsSection = 'general' | 'security' | 'folders' | 'rules' | 'disclosure' | 'domain' | 'figures' | Room;

export type Place =
  | { readonly kind: 'mailbox'; readonly id: MailboxId }
  | { readonly kind: 'starred' }
  | { readonly kind: 'search'; readonly plainText: string };

export interface Route {
  readonly place: Place | undefined;
  readonly letter: LetterId | undefined;
  readonly settings: SettingsSection | undefined;
}

const sections: readonly SettingsSection[] = [
  'general',
  'security',
  'folders',
  'rules',
  'disclosure',
  'domain',
  'figures',
];

export function isRoom(name: string | undefined): name is Room {
  return name === 'contacts' || name === 'safety' || name === 'desk';
}

/** `#in/<mailbox>/<letter>`, `#starred/<letter>`, `#settings/<section>`, `#contacts`, `#safety`, `#desk`; anything else is nowhere in particular. */
export function parseRoute(hash: string): Route {
  const nowhere: Route = { place: undefined, letter: undefined, settings: undefined };
  const [room, first, second] = hash.replace(/^#/, '').split('/');
  if (room === 'settings') return { ...nowhere, settings: sections.find((name) => name === first) ?? 'general' };
  if (isRoom(room)) return { ...nowhere, settings: room };
  if (room === 'starred') return { ...nowhere, place: { kind: 'starred' }, letter: parseId<LetterId>(first) };
  const id = parseId<MailboxId>(first);
  if (room !== 'in' || !id) return nowhere;
  return { ...nowhere, place: { kind: 'mailbox', id }, letter: parseId<LetterId>(second) };
}

export function routeText(route: Route): string {
  if (isRoom(route.settings)) return `#${route.settings}`;
  if (route.settings) return `#settings/${route.settings}`;
  const letter = route.letter ? `/${route.letter}` : '';
  if (route.place?.kind === 'mailbox') return `#in/${route.place.id}${letter}`;
  if (route.place?.kind === 'starred') return `#starred${letter}`;
  return '#';
}

export function samePlace(one: Place | undefined, other: Place | undefined): boolean {
  if (!one || !other) return one === other;
  if (one.kind === 'mailbox' && other.kind === 'mailbox') return one.id === other.id;
  if (one.kind === 'search' && other.kind === 'search') return one.plainText === other.plainText;
  return one.kind === other.kind;
}
