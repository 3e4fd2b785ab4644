// Where the pages beside the mail are: named apart, so that their names weigh nothing in the list.

import type { FunctionComponent } from 'preact';
import type { ContactsProps } from '../contacts/contacts-page.tsx';
import type { DeskProps } from '../desk/desk-page.tsx';
import type { SafetyProps } from '../safety/safety-page.tsx';
import type { SettingsProps } from '../settings/settings.tsx';
import type { Room } from './place.ts';

export type PlaceProps = SettingsProps & ContactsProps & SafetyProps & DeskProps;

export const rooms: Readonly<Record<Room | 'settings', () => Promise<FunctionComponent<PlaceProps>>>> = {
  contacts: async () => (await import('../contacts/contacts-page.tsx')).ContactsPage,
  safety: async () => (await import('../safety/safety-page.tsx')).SafetyPage,
  desk: async () => (await import('../desk/desk-page.tsx')).DeskPage,
  settings: async () => (await import('../settings/settings.tsx')).Settings,
};
