// Field: label above, help below, an error replaces the help.

import type { ComponentChildren, TargetedInputEvent } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { useWords } from './speech.tsx';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password';
  readonly help?: ComponentChildren;
  readonly error?: string | undefined;
  readonly after?: string | undefined;
  readonly placeholder?: string;
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'email' | 'text';
  readonly maxlength?: number;
  readonly focus?: boolean;
  /** Id of a datalist with what may be meant. */
  readonly list?: string;
  readonly name?: string;
}

export function Field(of: FieldProps) {
  const id = useId();
  const words = useWords();
  const [shown, setShown] = useState(false);
  const secret = of.type === 'password';
  const common = {
    id,
    class: 'field-input',
    name: of.name,
    value: of.value,
    placeholder: of.placeholder,
    autocomplete: of.autocomplete ?? 'off',
    autocapitalize: 'none' as const,
    spellcheck: false,
    inputmode: of.inputmode,
    maxlength: of.maxlength,
    list: of.list,
    autofocus: of.focus === true,
    'aria-invalid': of.error ? ('true' as const) : undefined,
    'aria-describedby': of.error || of.help ? `${id}-help` : undefined,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => of.onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {of.label}
      </label>
      <div class="field-box" {...(of.error ? { 'data-wrong': '' } : {})}>
        {secret && !shown ? <input {...common} type="password" /> : <input {...common} type="text" />}
        {of.after ? <span class="field-after">{of.after}</span> : null}
        {secret ? (
          <button
            type="button"
            class="field-reveal"
            aria-label={shown ? words.entry.hidePassword : words.entry.showPassword}
            onClick={() => setShown(!shown)}
          >
            {shown ? words.entry.hide : words.entry.show}
          </button>
        ) : null}
      </div>
      {of.error ? (
        <div class="field-help field-error" id={`${id}-help`} role="alert">
          <Icon name="triangle-alert" />
          <span>{of.error}</span>
        </div>
      ) : of.help ? (
        <div class="field-help" id={`${id}-help`}>
          {of.help}
        </div>
      ) : null}
    </div>
  );
}
