// The sign-in code (TOTP, RFC 6238): turned on by proving one code, turned off by another.

import { useEffect, useState } from 'preact/hooks';
import type { SecurityState } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import { Block } from './block.tsx';
import type { SecurityProps } from './security.tsx';

function CodeDialog(
  of: SecurityProps & { readonly on: boolean; readonly onClose: () => void; readonly onChanged: () => void },
) {
  const words = useWords();
  const [secret, setSecret] = useState<{ readonly uri: string; readonly secretBase32: string } | undefined>(undefined);
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const title = of.on ? words.settings.removeCode : words.settings.setCode;
  useEffect(() => {
    if (!of.on) void of.backend.newCodeSecret().then(setSecret);
  }, []);
  const give = async (): Promise<void> => {
    const result = await (of.on ? of.backend.removeCode(code) : of.backend.confirmCode(code));
    if (!result.ok && result.error.kind === 'wrong-code') return setWrong(true);
    of.onClose();
    of.onChanged();
    return of.say(result.ok ? (of.on ? words.settings.codeRemoved : words.settings.codeDone) : words.toasts.failed);
  };
  return (
    <Dialog label={title} onClose={of.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (code.length === 6) void give();
        }}
      >
        <h2 class="section">{words.settings.code}</h2>
        {secret ? (
          <>
            <p class="dialog-text">{words.settings.codeLead}</p>
            <p class="code-key mono">{secret.secretBase32.replaceAll(/(.{4})(?=.)/g, '$1 ')}</p>
            <p class="code-link">
              <a href={secret.uri}>{words.settings.codeOpen}</a>
            </p>
          </>
        ) : null}
        <Field
          label={words.entry.code}
          value={code}
          help={words.entry.codeHelp}
          error={wrong ? words.entry.refusals['wrong-code'] : undefined}
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={7}
          focus
          onInput={(value) => {
            setWrong(false);
            setCode(value.replaceAll(/\D/g, '').slice(0, 6));
          }}
        />
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits disabled={code.length !== 6}>
            {title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function CodeBlock(
  of: SecurityProps & { readonly state: SecurityState | undefined; readonly onChanged: () => void },
) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const on = of.state?.codeSet === true;
  return (
    <>
      <Block
        title={words.settings.code}
        text={of.state === undefined ? '' : on ? words.settings.codeSet : words.settings.codeMissing}
        action={
          <Button kind="outline" onPress={() => setOpen(true)}>
            {on ? words.settings.removeCode : words.settings.setCode}
          </Button>
        }
      />
      {open ? <CodeDialog {...of} on={on} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
