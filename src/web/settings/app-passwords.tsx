// App passwords: which there are, a new one shown once, an end to each.

import { useEffect, useState } from 'preact/hooks';
import type { AppPassword, NewAppPassword } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { longDate } from '../words/dates.ts';
import { Block } from './block.tsx';
import type { SecurityProps } from './security.tsx';

interface DialogProps extends SecurityProps {
  readonly onClose: () => void;
  readonly onMade: () => void;
}

function MakeDialog(of: DialogProps) {
  const words = useWords().settings.appPasswords;
  const [made, setMade] = useState<NewAppPassword | undefined>(undefined);
  return (
    <Dialog label={made ? words.shownTitle : words.add} onClose={of.onClose}>
      {made ? <Shown {...of} made={made} /> : <NameForm {...of} onShow={setMade} />}
    </Dialog>
  );
}

function NameForm(of: DialogProps & { readonly onShow: (made: NewAppPassword) => void }) {
  const words = useWords();
  const own = words.settings.appPasswords;
  const [name, setName] = useState('');
  const [running, setRunning] = useState(false);
  const make = async (): Promise<void> => {
    setRunning(true);
    const result = await of.backend.makeAppPassword(name.trim());
    setRunning(false);
    if (!result.ok) return of.say(words.toasts.failed);
    of.onShow(result.value);
    return of.onMade();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '' && !running) void make();
      }}
    >
      <h2 class="section">{own.add}</h2>
      <Field label={own.name} value={name} help={own.nameHelp} maxlength={60} focus onInput={setName} />
      <div class="dialog-buttons">
        <Button kind="plain" onPress={of.onClose}>
          {words.cancel}
        </Button>
        <Button kind="primary" submits disabled={name.trim() === '' || running}>
          {own.make}
        </Button>
      </div>
    </form>
  );
}

function Shown(of: DialogProps & { readonly made: NewAppPassword }) {
  const words = useWords().settings.appPasswords;
  const [address, setAddress] = useState('');
  useEffect(() => void of.backend.session().then((session) => setAddress(session?.address ?? '')), []);
  return (
    <>
      <h2 class="section">{words.shownTitle}</h2>
      <p class="dialog-text">{words.shownLead(address)}</p>
      <p class="code-key mono">{of.made.plainSecret}</p>
      <p class="dialog-text">{words.inClear}</p>
      <div class="dialog-buttons">
        <Button kind="primary" onPress={of.onClose}>
          {words.shownDone}
        </Button>
      </div>
    </>
  );
}

export function AppPasswordsBlock(of: SecurityProps) {
  const words = useWords();
  const own = words.settings.appPasswords;
  const language = useLanguage();
  const [rows, setRows] = useState<readonly AppPassword[] | undefined>(undefined);
  const [open, setOpen] = useState(false);
  const read = (): void => void of.backend.appPasswords().then(setRows);
  useEffect(read, []);
  const remove = async (row: AppPassword): Promise<void> => {
    const result = await of.backend.removeAppPassword(row.id);
    of.say(result.ok || result.error.kind === 'gone' ? own.removed : words.toasts.failed);
    read();
  };
  const times = ({ createdMs, usedMs }: AppPassword): string => {
    const used = usedMs === undefined ? own.neverUsed : own.used(longDate(language, usedMs));
    return `${own.made(longDate(language, createdMs))}, ${used}`;
  };
  return (
    <Block
      title={own.title}
      text={own.lead}
      action={
        <Button kind="outline" onPress={() => setOpen(true)}>
          {own.add}
        </Button>
      }
    >
      {rows?.length === 0 ? <p class="block-none meta">{own.none}</p> : null}
      <ul class="lines">
        {rows?.map((row) => (
          <li key={row.id} class="line">
            <span class="line-text">
              {row.name || own.unnamed}
              <span class="meta line-more">{times(row)}</span>
            </span>
            <Button kind="link" onPress={() => void remove(row)}>
              {own.remove}
            </Button>
          </li>
        ))}
      </ul>
      {rows === undefined || rows.length === 0 ? null : <p class="block-none meta">{own.endsWithPassword}</p>}
      {open ? <MakeDialog {...of} onClose={() => setOpen(false)} onMade={read} /> : null}
    </Block>
  );
}
