// RecipientField: chips and the text that becomes the next one, with what completes it.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Person } from '../backend.ts';
import { useWords } from '../parts/speech.tsx';
import { chipState } from './compose-state.ts';
import { RecipientChip } from './recipient-chip.tsx';
import { useRecipientField, type Typed } from './use-recipient-field.ts';

export interface RecipientFieldProps extends Typed {
  readonly label: string;
  readonly children?: ComponentChildren;
}

function Suggestions(of: {
  readonly id: string;
  readonly people: readonly Person[];
  readonly at: number;
  readonly onChoose: (person: Person) => void;
}) {
  const words = useWords();
  return (
    <div class="suggestions" id={of.id} role="listbox" aria-label={words.compose.suggestions}>
      {of.people.map((person, index) => (
        <div
          key={person.address}
          id={`${of.id}-${index}`}
          role="option"
          class="choice suggestion"
          aria-selected={index === of.at}
          onPointerDown={(event) => {
            event.preventDefault(); // the field keeps the keyboard
            of.onChoose(person);
          }}
        >
          <span class="suggestion-name">{person.name || person.address}</span>
          {person.name ? <span class="meta">{person.address}</span> : null}
        </div>
      ))}
    </div>
  );
}

export function RecipientField(of: RecipientFieldProps) {
  const id = useId();
  const field = useRecipientField(of);
  return (
    <div
      class="compose-row recipients"
      onClick={(event) =>
        event.target === event.currentTarget || event.target === field.chips.current
          ? field.input.current?.focus()
          : undefined
      }
    >
      <label class="compose-label" for={id}>
        {of.label}
      </label>
      <ul class="recipient-list" ref={field.chips}>
        {of.people.map((person, index) => (
          <RecipientChip
            key={person.address}
            person={person}
            state={chipState(person, of.known)}
            onPress={() => field.press(person, index)}
            onRemove={() => field.remove(index)}
            onStep={(by) => field.focusChip(index + by < 0 ? 0 : index + by)}
          />
        ))}
        <li key="typing" class="recipient-typing">
          <input
            ref={field.input}
            id={id}
            class="recipient-input"
            type="text"
            role="combobox"
            aria-expanded={field.shown.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={field.shown[field.at] ? `${id}-list-${field.at}` : undefined}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            inputmode="email"
            value={field.text}
            onInput={(event) => field.onInput(event.currentTarget.value)}
            onKeyDown={field.onKey}
            onBlur={field.onBlur}
            onPaste={field.onPaste}
          />
          {field.shown.length > 0 ? (
            <Suggestions
              id={`${id}-list`}
              people={field.shown}
              at={field.at}
              onChoose={(person) => field.add([person])}
            />
          ) : null}
        </li>
      </ul>
      {of.children}
    </div>
  );
}
