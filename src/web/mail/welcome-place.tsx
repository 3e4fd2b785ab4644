// Where the welcome messages stand; list and letter are loaded only for an account without letters.

import type { WelcomeKey } from '../backend.ts';
import { useLater } from '../parts/use-later.ts';
import type { Layout } from '../parts/use-layout.ts';
import type { MailControl } from './mail-control.ts';
import type { Extras } from './use-extras.ts';
import type { Welcome } from './use-welcome.ts';
import type { WelcomeLetterProps } from './welcome-letter.tsx';
import type { WelcomeListProps } from './welcome-list.tsx';

export function WelcomeRows(of: WelcomeListProps) {
  const List = useLater<WelcomeListProps>(async () => (await import('./welcome-list.tsx')).WelcomeList);
  return List ? <List {...of} /> : null;
}

export function WelcomePane(of: {
  readonly name: WelcomeKey;
  readonly control: MailControl;
  readonly layout: Layout;
  readonly extras: Extras;
  readonly welcome: Welcome;
}) {
  const { control, extras } = of;
  const Letter = useLater<WelcomeLetterProps>(async () => (await import('./welcome-letter.tsx')).WelcomeLetter);
  if (!Letter) return <section class="letter-pane" data-open="" />;
  return (
    <Letter
      name={of.name}
      layout={of.layout}
      disclosure={extras.disclosure}
      phraseMissing={extras.phraseMissing}
      address={control.model.store.get().session?.address ?? ''}
      onStep={of.welcome.step}
      onCommand={(name) => control.run(name)}
      onSettings={(section) => control.openSettings(section)}
    />
  );
}
