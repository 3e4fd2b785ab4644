// What an authority writes and attaches; it stays in the page until it is sealed.

import { useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import type { AuthoritiesDesk } from '#formats/auth-wire/authorities-answers.ts';
import { Button } from '../parts/button.tsx';
import { DropPlace } from '../parts/drop-place.tsx';
import type { AuthoritiesWords } from '../words/authorities-en.ts';
import { emptyForm, faultOf, sendForm, type Form, type FormFault, type SendTrouble } from './send-form.ts';

export interface RequestFormProps {
  readonly words: AuthoritiesWords;
  readonly desk: AuthoritiesDesk;
  readonly reach: typeof fetch;
  readonly onArrival: (arrival: string) => void;
}

export function RequestForm({ words, desk, reach, onArrival }: RequestFormProps) {
  const [form, setForm] = useState<Form>(emptyForm);
  const [fault, setFault] = useState<FormFault | undefined>(undefined);
  const [trouble, setTrouble] = useState<SendTrouble['kind'] | undefined>(undefined);
  const [isSending, setSending] = useState(false);
  const change = (part: Partial<Form>): void => {
    setForm((before) => ({ ...before, ...part }));
    setFault(undefined);
    setTrouble(undefined);
  };
  const send = async (): Promise<void> => {
    const wrong = faultOf(form);
    setFault(wrong);
    setTrouble(undefined);
    if (wrong !== undefined || isSending) return;
    setSending(true);
    const sent = await sendForm(form, desk, reach);
    setSending(false);
    if (sent.ok) onArrival(sent.value.arrival);
    else setTrouble(sent.error.kind);
  };
  const said = fault === undefined ? trouble && words.troubles[trouble] : words.faults[fault];
  return (
    <form
      class="authorities-part authorities-form"
      aria-label={words.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {(['authority', 'reference', 'contact'] as const).map((name) => (
        <Line
          key={name}
          id={`authorities-${name}`}
          label={words[name]}
          help={words[`${name}Help`]}
          value={form[name]}
          isWrong={fault === name}
          onInput={(value) => change({ [name]: value })}
        />
      ))}
      <div class="field">
        <label class="field-label" for="authorities-text">
          {words.text}
        </label>
        <textarea
          id="authorities-text"
          class="authorities-text"
          rows={7}
          value={form.text}
          maxlength={limits.deskArrival.formTextCharacters}
          aria-describedby="authorities-text-help"
          onInput={(event) => change({ text: event.currentTarget.value })}
        />
        <div class="field-help" id="authorities-text-help">
          {words.textHelp}
        </div>
      </div>
      <Documents words={words} form={form} onChange={change} />
      <p class="authorities-said" role="alert">
        {said}
      </p>
      <div>
        <Button kind="primary" submits>
          {isSending ? words.sending : words.send}
        </Button>
      </div>
    </form>
  );
}

function Documents(of: {
  readonly words: AuthoritiesWords;
  readonly form: Form;
  readonly onChange: (part: Partial<Form>) => void;
}) {
  const { words, form, onChange } = of;
  const take = async (files: readonly File[]): Promise<void> => {
    const read = await Promise.all(
      files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    );
    onChange({ files: [...form.files, ...read] });
  };
  return (
    <DropPlace
      class="authorities-drop"
      kind="outline"
      label={words.choose}
      choose={words.choose}
      multiple
      onFiles={(files) => void take(files)}
      above={<p>{words.drop}</p>}
    >
      {form.files.length > 0 ? (
        <ul class="authorities-files">
          {form.files.map((file, at) => (
            <li key={at}>
              <span>{file.name}</span>
              <Button kind="link" onPress={() => onChange({ files: form.files.filter((one) => one !== file) })}>
                {words.remove}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </DropPlace>
  );
}

function Line(of: {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly isWrong: boolean;
  readonly onInput: (value: string) => void;
}) {
  return (
    <div class="field">
      <label class="field-label" for={of.id}>
        {of.label}
      </label>
      <div class="field-box" {...(of.isWrong ? { 'data-wrong': '' } : {})}>
        <input
          id={of.id}
          class="field-input"
          type="text"
          value={of.value}
          autocomplete="off"
          spellcheck={false}
          maxlength={limits.deskArrival.formFieldCharacters}
          aria-invalid={of.isWrong ? 'true' : undefined}
          aria-describedby={`${of.id}-help`}
          onInput={(event) => of.onInput(event.currentTarget.value)}
        />
      </div>
      <div class="field-help" id={`${of.id}-help`}>
        {of.help}
      </div>
    </div>
  );
}
