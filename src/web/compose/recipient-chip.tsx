// RecipientChip: one recipient with the state of the key, in a mark and a word; pressed it is edited, or its key compared.

import { Icon } from '../parts/icon.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Person } from '../backend.ts';
import type { ChipState } from './compose-state.ts';

export interface RecipientChipProps {
  readonly person: Person;
  readonly state: ChipState;
  readonly onPress: () => void;
  readonly onRemove: () => void;
  readonly onStep: (by: -1 | 1) => void;
}

function Mark({ state }: { readonly state: ChipState }) {
  if (state === 'invalid' || state === 'unknown') return <Icon name="triangle-alert" />;
  if (state === 'asking') return <span class="recipient-asking" aria-hidden="true" />;
  return (
    <>
      <SealMark shape={state === 'none' ? 'open' : 'end-to-end'} size={16} />
      {state === 'changed' ? <Icon name="triangle-alert" /> : null}
    </>
  );
}

export function RecipientChip(of: RecipientChipProps) {
  const words = useWords();
  const { person, state } = of;
  const name = person.name || person.address;
  const word = words.compose.states[state];
  const isSaid = state !== 'house' && state !== 'asking';
  const isWrong = state === 'invalid' || state === 'unknown' || state === 'changed';
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Backspace' || event.key === 'Delete') of.onRemove();
    else if (event.key === 'ArrowLeft') of.onStep(-1);
    else if (event.key === 'ArrowRight') of.onStep(1);
    else return;
    event.preventDefault();
  };
  return (
    <li class={isWrong ? 'recipient recipient-wrong' : 'recipient'} data-state={state}>
      <button
        type="button"
        class="recipient-face"
        tabindex={-1}
        title={`${person.address} · ${word}`}
        onClick={of.onPress}
        onKeyDown={onKey}
      >
        <Mark state={state} />
        <span class="recipient-name">{name}</span>
        <span class={isSaid ? 'recipient-word' : 'unseen'}>{word}</span>
      </button>
      <button
        type="button"
        class="recipient-remove"
        tabindex={-1}
        aria-label={words.compose.removePerson(name)}
        onClick={of.onRemove}
      >
        <Icon name="x" />
      </button>
    </li>
  );
}
