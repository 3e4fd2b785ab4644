// Settings and contacts are parts of their own, loaded when first opened.

import type { ContactsProps } from '../contacts/contacts-page.tsx';
import { useLater } from '../parts/use-later.ts';
import type { SettingsProps } from '../settings/settings.tsx';

export function SettingsPlace(of: SettingsProps & ContactsProps) {
  return of.section === 'contacts' ? <ContactsPlace {...of} /> : <SettingsPart {...of} />;
}

function SettingsPart(of: SettingsProps) {
  const Part = useLater<SettingsProps>(async () => (await import('../settings/settings.tsx')).Settings);
  return Part ? <Part {...of} /> : <main class="settings" />;
}

function ContactsPlace(of: ContactsProps) {
  const Part = useLater<ContactsProps>(async () => (await import('../contacts/contacts-page.tsx')).ContactsPage);
  return Part ? <Part {...of} /> : <main class="contacts" />;
}
