// Settings, contacts and the safety page are parts of their own, loaded when first opened.

import type { ContactsProps } from '../contacts/contacts-page.tsx';
import { useLater } from '../parts/use-later.ts';
import type { SafetyProps } from '../safety/safety-page.tsx';
import type { SettingsProps } from '../settings/settings.tsx';

export function SettingsPlace(of: SettingsProps & ContactsProps) {
  if (of.section === 'safety') return <SafetyPlace {...of} />;
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

function SafetyPlace(of: SafetyProps) {
  const Part = useLater<SafetyProps>(async () => (await import('../safety/safety-page.tsx')).SafetyPage);
  return Part ? <Part {...of} /> : <main class="safety" />;
}
