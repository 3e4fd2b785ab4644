// An open welcome message: written by this page, its sentences about the operator from the disclosure table; loaded only when one is opened.

import type { ComponentChildren } from 'preact';
import type { Disclosure, WelcomeKey } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Chip } from '../parts/chip.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { SealMark, WaxMark } from '../parts/seal-mark.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import type { Layout } from '../parts/use-layout.ts';
import type { CommandName } from './command-keys.ts';
import type { SettingsSection } from './place.ts';
import type { WelcomeStep } from './welcome.ts';

export interface WelcomeLetterProps {
  readonly name: WelcomeKey;
  readonly layout: Layout;
  readonly disclosure: Disclosure | undefined;
  readonly phraseMissing: boolean;
  readonly address: string;
  readonly onStep: (step: WelcomeStep) => boolean;
  readonly onCommand: (name: CommandName) => void;
  readonly onSettings: (section: SettingsSection) => void;
}

const aboutMailbox = ['contents', 'correspondents', 'size-and-time', 'flags', 'folders', 'address'];

function Told({ keys, disclosure }: { readonly keys: readonly string[]; readonly disclosure: Disclosure | undefined }) {
  const words = useWords();
  const language = useLanguage();
  const rows = keys.flatMap((key) => disclosure?.rows.find((row) => row.key === key) ?? []);
  if (rows.length === 0) return <p class="meta">{words.disclosureMissing}</p>;
  return (
    <section class="provenance welcome-told" aria-label={words.provenance.title}>
      <p class="label">{words.provenance.title}</p>
      <dl class="provenance-table">
        {rows.flatMap((row) => [
          <dt key={`${row.key}-what`}>{row.what[language]}</dt>,
          <dd key={row.key}>{row.operatorSees[language]}</dd>,
        ])}
      </dl>
    </section>
  );
}

function Text({ paragraphs }: { readonly paragraphs: readonly string[] }) {
  return (
    <div class="text-body">
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </div>
  );
}

function Sealed(of: WelcomeLetterProps) {
  const { sealed } = useWords().welcome;
  return (
    <>
      <Text paragraphs={sealed.paragraphs} />
      <Told keys={aboutMailbox} disclosure={of.disclosure} />
      <Text paragraphs={[sealed.after]} />
      <div class="welcome-actions">
        <Button kind="outline" onPress={() => of.onSettings('disclosure')}>
          {sealed.more}
        </Button>
      </div>
    </>
  );
}

function Safety(of: WelcomeLetterProps) {
  const { safety } = useWords().welcome;
  return (
    <>
      <Text paragraphs={[...safety.paragraphs, of.phraseMissing ? safety.missing : safety.set]} />
      <div class="welcome-actions">
        <Button kind="primary" onPress={() => of.onSettings('security')}>
          {safety.button}
        </Button>
      </div>
      <Told keys={['password', 'code', 'sessions']} disclosure={of.disclosure} />
    </>
  );
}

function Thing(of: {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly hotkey: string;
  readonly onPress: () => void;
  readonly children?: ComponentChildren;
}) {
  return (
    <li class="welcome-thing">
      <div>
        <h3>{of.title}</h3>
        <p>{of.text}</p>
        {of.children}
      </div>
      <Button kind="outline" onPress={of.onPress}>
        {of.button} <kbd>{of.hotkey}</kbd>
      </Button>
    </li>
  );
}

function Try(of: WelcomeLetterProps) {
  const words = useWords();
  const language = useLanguage();
  const { things, after, paragraphs } = words.welcome.try;
  const search = of.disclosure?.rows.find((row) => row.key === 'search');
  return (
    <>
      <ul class="welcome-things">
        <Thing {...things.server} hotkey="S" onPress={() => of.onCommand('server-view')} />
        <Thing {...things.keys} hotkey="?" onPress={() => of.onCommand('help')} />
        <Thing {...things.search} hotkey="/" onPress={() => of.onCommand('search')}>
          {search ? (
            <p class="meta">
              {words.provenance.title} {search.operatorSees[language]}
            </p>
          ) : null}
        </Thing>
      </ul>
      <Text paragraphs={[...paragraphs, after(of.address)]} />
    </>
  );
}

const texts = { sealed: Sealed, safety: Safety, try: Try } as const;

export function WelcomeLetter(of: WelcomeLetterProps) {
  const words = useWords();
  const { welcome } = words;
  const Body = texts[of.name];
  return (
    <section class="letter-pane" aria-label={words.letter.body} data-open="">
      <div class="letter-tools" role="toolbar" aria-label={words.list.messages}>
        {of.layout === 'narrow' ? (
          <IconButton icon="arrow-left" label={words.back} hotkey="Esc" onPress={() => of.onStep('close')} />
        ) : null}
        <span class="tools-space" />
        <IconButton icon="archive" label={words.letter.archive} hotkey="e" onPress={() => of.onStep('put-away')} />
        <IconButton icon="trash-2" label={words.letter.trash} hotkey="#" onPress={() => of.onStep('put-away')} />
      </div>
      <div class="letter-scroll" tabindex={0} key={of.name}>
        <article class="letter" aria-label={welcome[of.name].subject}>
          <h2 class="title letter-subject">{welcome[of.name].subject}</h2>
          <header class="letter-head welcome-head">
            <WaxMark size={40} />
            <div class="letter-who">
              <div class="letter-from">
                <span class="letter-name">{welcome.sender}</span>
              </div>
              <div class="letter-to meta">{welcome.to}</div>
            </div>
            <div class="letter-chips">
              <Chip>
                <SealMark shape="open" size={16} />
                {welcome.written}
              </Chip>
            </div>
          </header>
          <Body {...of} />
        </article>
      </div>
    </section>
  );
}
