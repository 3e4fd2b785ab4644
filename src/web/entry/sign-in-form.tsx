// Sign-in: address and password, then the code when one is set.

import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { letterTime } from '../words/dates.ts';
import type { PageEntry, PageStep } from '../worker/page-entry.ts';
import { EntryError } from './entry-card.tsx';
import { useTask } from './use-task.ts';

export function SignInForm(of: { readonly entry: PageEntry; readonly onStep: (step: PageStep) => void }) {
  const words = useWords();
  const task = useTask();
  const [address, setAddress] = useState('');
  const [plainPassword, setPlainPassword] = useState('');
  const ready = address.includes('@') && plainPassword !== '';
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !task.running) {
          task.run(() => of.entry.signIn({ address: address.trim().toLowerCase(), plainPassword }), of.onStep);
        }
      }}
    >
      <EntryError text={task.refused ? words.entry.refusals[task.refused] : undefined} />
      <Field
        label={words.entry.address}
        value={address}
        placeholder={words.entry.addressExample}
        autocomplete="username"
        name="username"
        inputmode="email"
        focus
        onInput={setAddress}
      />
      <Field
        label={words.entry.password}
        type="password"
        value={plainPassword}
        autocomplete="current-password"
        name="password"
        onInput={setPlainPassword}
      />
      <Button kind="primary" submits wide tall disabled={task.running || !ready}>
        {task.running ? words.working : words.entry.signIn}
      </Button>
      <p class="entry-note">
        <a href="/recover">{words.entry.forgot}</a>
      </p>
    </form>
  );
}

export function CodeForm(of: {
  readonly entry: PageEntry;
  readonly onDone: (step: PageStep) => void;
  /** Only after the recovery phrase: the way out when the authenticator is lost too. */
  readonly onLost?: (step: PageStep) => void;
}) {
  const words = useWords();
  const task = useTask();
  const [code, setCode] = useState('');
  const wrong = task.refused ? words.entry.refusals[task.refused] : undefined;
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === 6 && !task.running) task.run(() => of.entry.giveCode(code), of.onDone);
      }}
    >
      <Field
        label={words.entry.code}
        value={code}
        help={words.entry.codeHelp}
        error={wrong}
        autocomplete="one-time-code"
        inputmode="numeric"
        maxlength={7}
        focus
        onInput={(value) => setCode(value.replaceAll(/\D/g, '').slice(0, 6))}
      />
      <Button kind="primary" submits wide tall disabled={task.running || code.length !== 6}>
        {task.running ? words.working : words.entry.continue}
      </Button>
      {of.onLost ? (
        <p class="entry-note">
          <Button kind="link" onPress={() => task.run(() => of.entry.codeLost(), of.onLost ?? of.onDone)}>
            {words.entry.codeLost}
          </Button>
          {'. '}
          {words.entry.codeLostNote}
        </p>
      ) : null}
    </form>
  );
}

export function WaitNote({ untilMs }: { readonly untilMs: number }) {
  const words = useWords();
  const language = useLanguage();
  return <p class="entry-lead">{words.entry.waiting(letterTime(words, language, untilMs, nowMs()))}</p>;
}
