// What stands under the recipients, at most one plain sentence of each kind: a changed key first, wrong addresses, then who gets it unsealed.

import type { Person } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Words } from '../words/words.ts';
import { changedIn, invalidIn, unknownIn, unsealedIn, type ComposeState, type People } from './compose-state.ts';

const NAMED_MAX = 3;

function names(people: readonly Person[], words: Words): string {
  const shown = people.slice(0, NAMED_MAX).map(({ address }) => address);
  const more = people.length - shown.length;
  return [...shown, ...(more > 0 ? [words.compose.andMore(more)] : [])].join(', ');
}

/** The reason where it is known and there is one person; else what it comes to. */
function unsealedSentence(people: readonly Person[], known: ComposeState['known'], words: Words): string {
  const [first] = people;
  const reason = first && people.length === 1 ? known.get(first.address.toLowerCase())?.reason : undefined;
  if (first && reason) return words.compose.unsealedFor[reason](first.name || first.address);
  return words.compose.unsealed(names(people, words), people.length);
}

export function RecipientNotes(of: {
  readonly people: People;
  readonly known: ComposeState['known'];
  readonly onCompare: (person: Person) => void;
}) {
  const words = useWords();
  const [changed] = changedIn(of.people, of.known);
  const [invalid] = invalidIn(of.people, of.known);
  const unknown = unknownIn(of.people, of.known);
  const open = unsealedIn(of.people, of.known);
  return (
    <div class="recipient-notes" role="status">
      {changed ? (
        <div class="note note-warn">
          <Icon name="triangle-alert" />
          <span class="note-text">
            <b>{changed.name || changed.address}</b> · {words.compose.keyChanged}
          </span>
          <Button kind="outline" onPress={() => of.onCompare(changed)}>
            {words.compose.compare}
          </Button>
        </div>
      ) : null}
      {invalid ? (
        <div class="note note-warn">
          <Icon name="triangle-alert" />
          <span class="note-text">{words.compose.invalidAddress(invalid.address)}</span>
        </div>
      ) : null}
      {unknown.length > 0 ? (
        <div class="note note-warn">
          <Icon name="triangle-alert" />
          <span class="note-text">{words.compose.unknownHere(names(unknown, words))}</span>
        </div>
      ) : null}
      {open.length > 0 ? (
        <div class="note">
          <SealMark shape="open" size={16} />
          <span class="note-text">{unsealedSentence(open, of.known, words)}</span>
        </div>
      ) : null}
    </div>
  );
}
