// The sign-in document: sign-in, sign-up by invitation and recovery; OPAQUE runs in the key worker, keys never come here.

import { unreachable } from '#base/assert.ts';
import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Backend } from '../backend.ts';
import { showDemo } from '../demo/show-demo.ts';
import { storedLanguage, storeLanguage } from '../look/choices.ts';
import { askForSerif } from '../look/serif.ts';
import { Speech, useWords, type Spoken } from '../parts/speech.tsx';
import { chooseLanguage, fetchWords, type Language } from '../words/words.ts';
import { openKeyWorker, openMailWorker } from '../worker/open-worker.ts';
import type { PageEntry, PageStep } from '../worker/page-entry.ts';
import { EntryCard } from './entry-card.tsx';
import { JoinForm } from './join-form.tsx';
import { PhraseAsked, PhraseShown } from './phrase-steps.tsx';
import { RecoverForm } from './recover-form.tsx';
import { ReopenForm } from './reopen-form.tsx';
import { CodeForm, SignInForm, WaitNote } from './sign-in-form.tsx';

type Step =
  | { readonly at: 'sign-in' | 'recover' | 'code' | 'code-recover' | 'checking' | 'gone' }
  | { readonly at: 'join'; readonly domain: string }
  | { readonly at: 'wait'; readonly untilMs: number }
  | { readonly at: 'closed'; readonly untilMs: number }
  | { readonly at: 'phrase' | 'asked'; readonly phrase: readonly string[]; readonly backend: Backend };

function openMailbox(): void {
  location.replace('/mail');
}

function firstStep(path: string): Step {
  if (path.startsWith('/join/')) return { at: 'checking' };
  return path === '/recover' ? { at: 'recover' } : { at: 'sign-in' };
}

function Pages({
  entry,
  onLanguage,
}: {
  readonly entry: PageEntry;
  readonly onLanguage: (language: Language) => void;
}) {
  const words = useWords();
  const code = useMemo(() => decodeURIComponent(location.pathname.slice('/join/'.length)), []);
  const [step, setStep] = useState<Step>(() => firstStep(location.pathname));
  const next = (granted: PageStep): void => {
    if (granted.step === 'done') openMailbox();
    else if (granted.step === 'code') setStep({ at: 'code' });
    else if (granted.step === 'closed') setStep({ at: 'closed', untilMs: granted.reopenUntilMs });
    else setStep({ at: 'wait', untilMs: granted.untilMs });
  };
  useEffect(() => {
    if (step.at === 'checking') {
      void entry
        .invitation(code)
        .then((result) => setStep(result.ok ? { at: 'join', domain: result.value.domain } : { at: 'gone' }));
    } else if (step.at === 'sign-in') {
      void entry.isOpen().then((isOpen) => (isOpen ? openMailbox() : undefined));
    }
  }, []);
  const showPhrase = async (): Promise<void> => {
    const backend = openMailWorker();
    setStep({ at: 'phrase', phrase: await backend.newPhrase(), backend });
  };
  const card = { onLanguage };
  switch (step.at) {
    case 'checking':
      return <EntryCard {...card} title={words.entry.create} lead={words.entry.checkingInvitation} children={null} />;
    case 'gone':
      return (
        <EntryCard {...card} title={words.entry.invitationGone} lead={words.entry.invitationGoneLead}>
          <p class="entry-note">
            <a href="/">{words.entry.toSignIn}</a>
          </p>
        </EntryCard>
      );
    case 'join':
      return (
        <EntryCard {...card} title={words.entry.create}>
          <JoinForm entry={entry} code={code} domain={step.domain} onDone={() => void showPhrase()} />
        </EntryCard>
      );
    case 'sign-in':
      return (
        <EntryCard {...card} title={words.entry.signIn} lead={words.entry.signInLead}>
          <SignInForm entry={entry} onStep={next} />
        </EntryCard>
      );
    case 'code':
      return (
        <EntryCard {...card} title={words.entry.signIn} lead={words.entry.codeLead}>
          <CodeForm entry={entry} onDone={next} />
        </EntryCard>
      );
    case 'code-recover':
      return (
        <EntryCard {...card} title={words.entry.recover} lead={words.entry.codeLeadRecover}>
          <CodeForm entry={entry} onDone={next} onLost={next} />
        </EntryCard>
      );
    case 'recover':
      return (
        <EntryCard {...card} title={words.entry.recover} lead={words.entry.recoverLead}>
          <RecoverForm
            entry={entry}
            onStep={(granted) => (granted.step === 'code' ? setStep({ at: 'code-recover' }) : next(granted))}
          />
        </EntryCard>
      );
    case 'wait':
      return (
        <EntryCard {...card} title={words.entry.recover}>
          <WaitNote untilMs={step.untilMs} />
        </EntryCard>
      );
    case 'closed':
      return (
        <EntryCard {...card} title={words.entry.closedTitle}>
          <ReopenForm entry={entry} untilMs={step.untilMs} onStep={next} />
        </EntryCard>
      );
    case 'phrase':
      return (
        <EntryCard {...card} wide title={words.entry.phraseTitle} lead={words.entry.phraseLead}>
          <PhraseShown phrase={step.phrase} onWritten={() => setStep({ ...step, at: 'asked' })} onLater={openMailbox} />
        </EntryCard>
      );
    case 'asked':
      return (
        <EntryCard {...card} title={words.entry.phraseConfirm} lead={words.entry.phraseConfirmLead}>
          <PhraseAsked
            phrase={step.phrase}
            button={words.entry.phraseOpen}
            onAgain={() => setStep({ ...step, at: 'phrase' })}
            onRight={() => void step.backend.confirmPhrase(step.phrase).then(openMailbox)}
          />
        </EntryCard>
      );
    default:
      return unreachable(step);
  }
}

function SignInPage({ entry, first }: { readonly entry: PageEntry; readonly first: Spoken }) {
  const [language, setLanguage] = useState(first.language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <Speech first={first} language={language}>
      <Pages
        entry={entry}
        onLanguage={(chosen) => {
          storeLanguage(chosen);
          setLanguage(chosen);
        }}
      />
    </Speech>
  );
}

async function showSignIn(place: Element): Promise<void> {
  const { entry } = openKeyWorker();
  const language = chooseLanguage(storedLanguage(), navigator.languages);
  const first = { language, words: await fetchWords(language) };
  render(<SignInPage entry={entry} first={first} />, place);
  askForSerif();
  showDemo();
}

const place = document.querySelector('#page');
if (place) void showSignIn(place);
