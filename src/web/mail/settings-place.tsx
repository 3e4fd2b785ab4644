// Settings, contacts, the safety page and the desk are parts of their own, loaded when first opened.

import { useLater } from '../parts/use-later.ts';
import { isRoom, type Room } from './place.ts';
import type { PlaceProps } from './rooms.ts';

export function SettingsPlace(of: PlaceProps) {
  const name = isRoom(of.section) ? of.section : 'settings';
  return <Later key={name} {...of} name={name} />;
}

/** By the class of the place that stands there until the part is here. */
function Later(of: PlaceProps & { readonly name: Room | 'settings' }) {
  const Part = useLater<PlaceProps>(async () => (await import('./rooms.ts')).rooms[of.name]());
  return Part ? <Part {...of} /> : <main class={of.name} />;
}
