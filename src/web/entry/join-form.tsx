// Sign-up by an invitation: an address and a password, nothing else.

import { useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import type { SessionInfo } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import type { PageEntry } from '../worker/page-entry.ts';
import { EntryError } from './entry-card.tsx';
import { passwordStrength } from './password-strength.ts';
import { StrengthMeter } from './strength-meter.tsx';
import { useTask } from './use-task.ts';

const least = limits.account.passwordCharactersMin;
const aboutTheAddress: ReadonlySet<string> = new Set(['address-taken', 'address-invalid']);

export function JoinForm(of: {
  readonly entry: PageEntry;
  readonly code: string;
  readonly domain: string;
  readonly onDone: (session: SessionInfo) => void;
}) {
  const words = useWords();
  const task = useTask();
  const [localPart, setLocalPart] = useState('');
  const [plainPassword, setPlainPassword] = useState('');
  const strength = passwordStrength(plainPassword, least, [localPart, of.domain.split('.')[0] ?? '']);
  const refusal = task.refused ? words.entry.refusals[task.refused] : undefined;
  const onAddress = task.refused !== undefined && aboutTheAddress.has(task.refused);
  const ready = localPart !== '' && strength > 0;
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !task.running) {
          task.run(
            () => of.entry.signUp({ code: of.code, localPart: localPart.toLowerCase(), plainPassword }),
            of.onDone,
          );
        }
      }}
    >
      <EntryError text={onAddress ? undefined : refusal} />
      <Field
        label={words.entry.localPart}
        value={localPart}
        after={`@${of.domain}`}
        error={onAddress ? refusal : undefined}
        autocomplete="username"
        name="username"
        focus
        onInput={(value) => {
          task.clear();
          setLocalPart(value.trim().split('@')[0] ?? '');
        }}
      />
      <Field
        label={words.entry.password}
        type="password"
        value={plainPassword}
        autocomplete="new-password"
        name="password"
        help={plainPassword === '' ? words.entry.passwordHelp(least) : <StrengthMeter strength={strength} />}
        onInput={setPlainPassword}
      />
      <Button kind="primary" submits wide tall disabled={task.running || !ready}>
        {task.running ? words.working : words.entry.createButton}
      </Button>
      <p class="entry-note">{words.entry.createNote}</p>
    </form>
  );
}
