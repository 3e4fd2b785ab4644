// Security: password, recovery phrase, sign-in code, app passwords, sessions, receipts.

import { useEffect, useState } from 'preact/hooks';
import type { Backend, Disclosure, SecurityState } from '../backend.ts';
import { PhraseAsked, PhraseShown } from '../entry/phrase-steps.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { longDate } from '../words/dates.ts';
import { AppPasswordsBlock } from './app-passwords.tsx';
import { Block } from './block.tsx';
import { CodeBlock } from './code.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { ReceiptsBlock } from './receipts.tsx';
import { SessionsBlock } from './sessions.tsx';

export interface SecurityProps {
  readonly backend: Backend;
  readonly disclosure: Disclosure | undefined;
  readonly say: (text: string) => void;
}

function PhraseDialog(of: SecurityProps & { readonly onClose: () => void; readonly onSet: () => void }) {
  const words = useWords();
  const [phrase, setPhrase] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState(false);
  useEffect(() => void of.backend.newPhrase().then(setPhrase), []);
  const confirm = async (): Promise<void> => {
    const result = await of.backend.confirmPhrase(phrase);
    of.onClose();
    of.say(result.ok ? words.settings.phraseDone : words.toasts.failed);
    if (result.ok) of.onSet();
  };
  return (
    <Dialog label={words.entry.phraseTitle} onClose={of.onClose}>
      <h2 class="section">{asked ? words.entry.phraseConfirm : words.entry.phraseTitle}</h2>
      <p class="dialog-text">{asked ? words.entry.phraseConfirmLead : words.entry.phraseLead}</p>
      {asked ? (
        <PhraseAsked
          phrase={phrase}
          button={words.settings.confirm}
          onAgain={() => setAsked(false)}
          onRight={() => void confirm()}
        />
      ) : (
        <PhraseShown phrase={phrase} onWritten={() => setAsked(true)} />
      )}
    </Dialog>
  );
}

export function SecuritySettings(of: SecurityProps) {
  const words = useWords();
  const language = useLanguage();
  const [state, setState] = useState<SecurityState | undefined>(undefined);
  const [open, setOpen] = useState<'password' | 'phrase' | undefined>(undefined);
  const read = (): void => void of.backend.security().then(setState);
  useEffect(read, []);
  const changed = state?.passwordChangedMs;
  return (
    <>
      <Block
        title={words.settings.password}
        text={changed === undefined ? undefined : words.settings.passwordChanged(longDate(language, changed))}
        action={
          <Button kind="outline" onPress={() => setOpen('password')}>
            {words.settings.changePassword}
          </Button>
        }
      />
      <Block
        title={words.settings.phrase}
        text={state === undefined ? '' : state.phraseSet ? words.settings.phraseSet : words.settings.phraseMissing}
        action={
          <Button kind="outline" onPress={() => setOpen('phrase')}>
            {state?.phraseSet === false ? words.settings.setPhrase : words.settings.newPhrase}
          </Button>
        }
      />
      <CodeBlock {...of} state={state} onChanged={read} />
      <AppPasswordsBlock {...of} />
      <SessionsBlock {...of} />
      <ReceiptsBlock />
      {open === 'password' ? (
        <PasswordDialog
          onClose={() => setOpen(undefined)}
          onDone={() => {
            of.say(words.settings.passwordDone);
            read();
          }}
        />
      ) : null}
      {open === 'phrase' ? <PhraseDialog {...of} onClose={() => setOpen(undefined)} onSet={read} /> : null}
    </>
  );
}
