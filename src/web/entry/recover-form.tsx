// Recovery: address, twelve words, a new password.

import { useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import type { PageEntry, PageStep } from '../worker/page-entry.ts';
import { EntryError } from './entry-card.tsx';
import { passwordStrength } from './password-strength.ts';
import { tidyPhrase } from './phrase-check.ts';
import { StrengthMeter } from './strength-meter.tsx';
import { useTask } from './use-task.ts';

const least = limits.account.passwordCharactersMin;

export function RecoverForm(of: { readonly entry: PageEntry; readonly onStep: (step: PageStep) => void }) {
  const words = useWords();
  const task = useTask();
  const [address, setAddress] = useState('');
  const [plainPhrase, setPlainPhrase] = useState('');
  const [plainNewPassword, setPlainNewPassword] = useState('');
  const strength = passwordStrength(plainNewPassword, least, [address.split('@')[0] ?? '']);
  const phrase = tidyPhrase(plainPhrase);
  const ready = address.includes('@') && phrase.length === 12 && strength > 0;
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready || task.running) return;
        const asked = { address: address.trim().toLowerCase(), plainPhrase: phrase.join(' '), plainNewPassword };
        task.run(() => of.entry.recover(asked), of.onStep);
      }}
    >
      <EntryError text={task.refused ? words.entry.refusals[task.refused] : undefined} />
      <Field
        label={words.entry.address}
        value={address}
        placeholder={words.entry.addressExample}
        autocomplete="username"
        inputmode="email"
        focus
        onInput={setAddress}
      />
      <Field label={words.entry.phrase} value={plainPhrase} help={words.entry.phraseHelp} onInput={setPlainPhrase} />
      <Field
        label={words.entry.newPassword}
        type="password"
        value={plainNewPassword}
        autocomplete="new-password"
        help={plainNewPassword === '' ? words.entry.passwordHelp(least) : <StrengthMeter strength={strength} />}
        onInput={setPlainNewPassword}
      />
      <Button kind="primary" submits wide tall disabled={task.running || !ready}>
        {task.running ? words.working : words.entry.recoverButton}
      </Button>
      <p class="entry-note">
        <a href="/">{words.entry.toSignIn}</a>
      </p>
    </form>
  );
}
