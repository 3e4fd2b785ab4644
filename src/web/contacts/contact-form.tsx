// One person changed, or a new one: name, addresses, phones, organisation, note.

import { useId, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Contact } from '../writing.ts';
import { useContactWords } from './use-contact-words.ts';

const ADDRESS = /^[^\s<>",;@]+@[^\s<>",;@]+$/;

function listOf(text: string): readonly string[] {
  const parts = text.split(/[,;\n]/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

export function ContactForm(of: {
  readonly contact: Contact;
  readonly isBusy: boolean;
  readonly onSave: (contact: Contact) => void;
  readonly onCancel: () => void;
}) {
  const words = useWords();
  const own = useContactWords();
  const noteId = useId();
  const [name, setName] = useState(of.contact.name);
  const [addresses, setAddresses] = useState(of.contact.addresses.join(', '));
  const [phones, setPhones] = useState(of.contact.phones.join(', '));
  const [organisation, setOrganisation] = useState(of.contact.organisation);
  const [note, setNote] = useState(of.contact.note);
  const wrong = listOf(addresses).find((address) => !ADDRESS.test(address));
  const isEmpty = name.trim() === '' && addresses.trim() === '';
  const save = (): void => {
    of.onSave({
      ...of.contact,
      name: name.trim(),
      addresses: listOf(addresses),
      phones: listOf(phones),
      organisation: organisation.trim(),
      note: note.trim(),
    });
  };
  return (
    <form
      class="contact-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty && wrong === undefined && !of.isBusy) save();
      }}
    >
      <h1 class="section">{of.contact.id === undefined ? own.add : own.edit}</h1>
      <Field label={own.name} value={name} maxlength={200} focus onInput={setName} />
      <Field
        label={own.addresses}
        value={addresses}
        inputmode="email"
        help={own.addressesHelp}
        error={wrong === undefined ? undefined : own.addressWrong(wrong)}
        onInput={setAddresses}
      />
      <Field label={own.phones} value={phones} onInput={setPhones} />
      <Field label={own.organisation} value={organisation} maxlength={200} onInput={setOrganisation} />
      <div class="field">
        <label class="field-label" for={noteId}>
          {own.note}
        </label>
        <div class="field-box">
          <textarea
            id={noteId}
            class="field-input contact-note-input"
            rows={4}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </div>
      </div>
      <div class="dialog-buttons">
        <Button kind="plain" onPress={of.onCancel}>
          {words.cancel}
        </Button>
        <Button kind="primary" submits disabled={isEmpty || wrong !== undefined || of.isBusy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
