// Addresses: which are one's own, an alias taken up, an alias given up for good.

import { useEffect, useState } from 'preact/hooks';
import type { AliasRefusal, Backend, OwnAddresses } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { useWords } from '../parts/speech.tsx';
import type { AddressesWords } from '../words/addresses-en.ts';
import { Block } from './block.tsx';
import { useAddressWords } from './use-own-words.ts';

interface AddressesProps {
  readonly backend: Backend;
  readonly say: (text: string) => void;
}

interface AddProps extends AddressesProps {
  readonly domains: readonly string[];
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

function AddDialog(of: AddProps) {
  const words = useWords();
  const own = useAddressWords();
  const [name, setName] = useState('');
  const [domain, setDomain] = useState(of.domains[0] ?? '');
  const [refused, setRefused] = useState<AliasRefusal['kind'] | undefined>(undefined);
  const [running, setRunning] = useState(false);
  const add = async (): Promise<void> => {
    setRunning(true);
    const result = await of.backend.addAlias(`${name.trim()}@${domain}`);
    setRunning(false);
    if (!result.ok) return setRefused(result.error.kind);
    of.say(own.added(result.value.address));
    of.onAdded();
    return of.onClose();
  };
  const problem = refused === undefined ? undefined : refusalWord(own, refused, words.toasts.failed);
  return (
    <Dialog label={own.add} onClose={of.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '' && !running) void add();
        }}
      >
        <h2 class="section">{own.add}</h2>
        <Field
          label={own.name}
          value={name}
          help={own.nameHelp}
          error={problem}
          after={of.domains.length > 1 ? undefined : `@${domain}`}
          maxlength={64}
          focus
          onInput={(text) => {
            setName(text);
            setRefused(undefined);
          }}
        />
        {of.domains.length > 1 ? (
          <Select
            label={own.domain}
            value={domain}
            options={of.domains.map((one) => ({ value: one, word: `@${one}` }))}
            onChoose={setDomain}
          />
        ) : null}
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits disabled={name.trim() === '' || running}>
            {own.make}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function refusalWord(own: AddressesWords, kind: AliasRefusal['kind'], failed: string): string {
  if (kind === 'address-taken') return own.taken;
  if (kind === 'address-invalid') return own.invalid;
  return kind === 'too-many' ? own.tooMany : failed;
}

export function AddressesBlock(of: AddressesProps) {
  const words = useWords();
  const own = useAddressWords();
  const [state, setState] = useState<OwnAddresses | undefined>(undefined);
  const [open, setOpen] = useState(false);
  const [leaving, setLeaving] = useState<string | undefined>(undefined);
  const read = (): void => void of.backend.addresses().then(setState);
  useEffect(read, []);
  const remove = async (address: string): Promise<void> => {
    setLeaving(undefined);
    const result = await of.backend.removeAlias(address);
    of.say(result.ok || result.error.kind === 'gone' ? own.removed(address) : words.toasts.failed);
    read();
  };
  return (
    <Block
      title={own.title}
      text={own.lead}
      action={
        state !== undefined && state.left > 0 ? (
          <Button kind="outline" onPress={() => setOpen(true)}>
            {own.add}
          </Button>
        ) : undefined
      }
    >
      <ul class="lines">
        {state?.addresses.map(({ address, isAlias }) => (
          <li key={address} class="line">
            <span class="line-text">
              {address}
              {isAlias ? <span class="meta line-more">{own.alias}</span> : null}
            </span>
            {isAlias ? (
              <Button kind="link" onPress={() => setLeaving(address)}>
                {own.remove}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {state?.left === 0 ? <p class="block-none meta">{own.tooMany}</p> : null}
      {open && state ? (
        <AddDialog {...of} domains={state.domains} onClose={() => setOpen(false)} onAdded={read} />
      ) : null}
      {leaving === undefined ? null : (
        <Confirm
          title={own.removeTitle(leaving)}
          text={own.removeText}
          verb={own.remove}
          onConfirm={() => void remove(leaving)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Block>
  );
}
