// Settings, contacts and the safety page are parts of their own, loaded when first opened.

import type { FunctionComponent } from 'preact';
import type { ContactsProps } from '../contacts/contacts-page.tsx';
import { useLater } from '../parts/use-later.ts';
import type { SafetyProps } from '../safety/safety-page.tsx';
import type { SettingsProps } from '../settings/settings.tsx';
import { isRoom, type Room } from './place.ts';

type PlaceProps = SettingsProps & ContactsProps & SafetyProps;

/** By the class of the place that stands there until the part is here. */
const parts: Readonly<Record<Room | 'settings', () => Promise<FunctionComponent<PlaceProps>>>> = {
  contacts: async () => (await import('../contacts/contacts-page.tsx')).ContactsPage,
  safety: async () => (await import('../safety/safety-page.tsx')).SafetyPage,
  settings: async () => (await import('../settings/settings.tsx')).Settings,
};

export function SettingsPlace(of: PlaceProps) {
  const name = isRoom(of.section) ? of.section : 'settings';
  return <Later key={name} {...of} name={name} />;
}

function Later(of: PlaceProps & { readonly name: keyof typeof parts }) {
  const Part = useLater<PlaceProps>(parts[of.name]);
  return Part ? <Part {...of} /> : <main class={of.name} />;
}
