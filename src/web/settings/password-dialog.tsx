// Password change: the old one is proven in the key worker, the new one takes its place as one row.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import { EntryError } from '../entry/entry-card.tsx';
import { passwordStrength } from '../entry/password-strength.ts';
import { StrengthMeter } from '../entry/strength-meter.tsx';
import { useTask } from '../entry/use-task.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import { openKeyWorker } from '../worker/open-worker.ts';

const least = limits.account.passwordCharactersMin;

export function PasswordDialog(of: { readonly onClose: () => void; readonly onDone: () => void }) {
  const words = useWords();
  const task = useTask();
  const worker = useMemo(openKeyWorker, []);
  useEffect(() => () => worker.end(), [worker]);
  const [plainOldPassword, setOld] = useState('');
  const [plainNewPassword, setNew] = useState('');
  const strength = passwordStrength(plainNewPassword, least);
  const ready = plainOldPassword !== '' && strength > 0;
  return (
    <Dialog label={words.settings.changePassword} onClose={of.onClose}>
      <h2 class="section">{words.settings.changePassword}</h2>
      <form
        class="entry-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready || task.running) return;
          task.run(
            () => worker.entry.changePassword({ plainOldPassword, plainNewPassword }),
            () => {
              of.onClose();
              of.onDone();
            },
          );
        }}
      >
        <EntryError text={task.refused ? words.entry.refusals[task.refused] : undefined} />
        <Field
          label={words.settings.oldPassword}
          type="password"
          value={plainOldPassword}
          autocomplete="current-password"
          focus
          onInput={setOld}
        />
        <Field
          label={words.settings.newPassword}
          type="password"
          value={plainNewPassword}
          autocomplete="new-password"
          help={plainNewPassword === '' ? words.entry.passwordHelp(least) : <StrengthMeter strength={strength} />}
          onInput={setNew}
        />
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits disabled={!ready || task.running}>
            {task.running ? words.working : words.settings.changePassword}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
