// Settings: general, security, folders, rules, what the operator can see; one column of at most 560 px.

import { useEffect } from 'preact/hooks';
import { unreachable } from '#base/assert.ts';
import type { Backend, Disclosure, Preferences } from '../backend.ts';
import type { MailControl } from '../mail/mail-control.ts';
import type { Room, SettingsSection } from '../mail/place.ts';
import { Button } from '../parts/button.tsx';
import { useWords } from '../parts/speech.tsx';
import { FigureSettings } from '../telemetry/figures.tsx';
import { useTelemetryWords } from '../telemetry/use-figures.ts';
import type { Writing } from '../writing.ts';
import { CloseMailboxBlock } from './account-end.tsx';
import { AddressesBlock } from './addresses.tsx';
import { FolderSettings } from './folders.tsx';
import { GeneralSettings } from './general.tsx';
import { DomainSettings } from './domain.tsx';
import { DisclosureSettings } from './disclosure-table.tsx';
import { RuleSettings } from './rules.tsx';
import { SenderNamesBlock } from './sender-names.tsx';
import { SharingBlock } from './sharing.tsx';
import { SecuritySettings } from './security.tsx';

export interface SettingsProps {
  readonly backend: Backend & Writing;
  readonly control: MailControl;
  readonly section: SettingsSection;
  readonly choices: { readonly preferences: Preferences; readonly set: (preferences: Preferences) => void };
  readonly disclosure: Disclosure | undefined;
}

const sections: readonly Exclude<SettingsSection, Room>[] = [
  'general',
  'security',
  'folders',
  'rules',
  'disclosure',
  'domain',
  'figures',
];
/** For the operator alone. */
const operators: ReadonlySet<SettingsSection> = new Set(['domain', 'figures']);

function Section(of: SettingsProps) {
  switch (of.section) {
    case 'general':
      return (
        <>
          <GeneralSettings choices={of.choices} />
          <SenderNamesBlock writing={of.backend} say={(text) => of.control.model.say(text)} />
          <AddressesBlock backend={of.backend} say={(text) => of.control.model.say(text)} />
          <SharingBlock backend={of.backend} say={(text) => of.control.model.say(text)} />
          <CloseMailboxBlock backend={of.backend} say={(text) => of.control.model.say(text)} />
        </>
      );
    case 'security':
      return (
        <SecuritySettings backend={of.backend} disclosure={of.disclosure} say={(text) => of.control.model.say(text)} />
      );
    case 'folders':
      return <FolderSettings control={of.control} disclosure={of.disclosure} />;
    case 'rules':
      return <RuleSettings backend={of.backend} control={of.control} disclosure={of.disclosure} />;
    case 'contacts':
    case 'safety':
    case 'desk':
      return null; // pages of their own
    case 'domain':
      return <DomainSettings backend={of.backend} say={(text) => of.control.model.say(text)} />;
    case 'figures':
      return <FigureSettings say={(text) => of.control.model.say(text)} />;
    case 'disclosure':
      return <DisclosureSettings disclosure={of.disclosure} />;
    default:
      return unreachable(of.section);
  }
}

export function Settings(of: SettingsProps) {
  const words = useWords();
  const figures = useTelemetryWords();
  const session = of.control.model.store.get().session;
  // for looks only: the server tells nobody else
  // Where the tabs do not all fit, the open one is to be seen.
  useEffect(() => document.querySelector(`#tab-${of.section}`)?.scrollIntoView({ block: 'nearest' }), [of.section]);
  const visible = sections.filter((section) => !operators.has(section) || session?.role === 'operator');
  return (
    <main class="settings">
      <div class="settings-column">
        <header class="settings-head">
          <h1 class="title">{words.settings.title}</h1>
          <span class="meta">{session?.address}</span>
        </header>
        <div class="settings-tabs" role="tablist" aria-label={words.settings.title}>
          {visible.map((section) => (
            <button
              key={section}
              type="button"
              role="tab"
              id={`tab-${section}`}
              class="settings-tab"
              aria-selected={section === of.section}
              aria-controls="settings-panel"
              onClick={() => of.control.openSettings(section)}
            >
              {section === 'figures' ? figures.tab : words.settings[section]}
            </button>
          ))}
        </div>
        <div id="settings-panel" role="tabpanel" aria-labelledby={`tab-${of.section}`}>
          <Section {...of} />
        </div>
        <footer class="settings-foot">
          <Button kind="outline" onPress={() => of.control.run('sign-out')}>
            {words.places.signOut}
          </Button>
        </footer>
      </div>
    </main>
  );
}
