// Letters whose sheet is closed and that wait for a connection: one line each, bottom right, until they have left.

import { Icon } from '../parts/icon.tsx';
import { useWords } from '../parts/speech.tsx';
import type { OutgoingDraft } from './compose-state.ts';

export function HeldLetters({ outbox }: { readonly outbox: readonly OutgoingDraft[] }) {
  const words = useWords();
  return (
    <section class="held" aria-label={words.compose.heldHeading}>
      {outbox.map(({ key, draft }) => (
        <p key={key} class="held-line">
          <Icon name="clock" />
          <span class="held-subject">{draft.subject || words.compose.noSubject}</span>
          <span class="meta">{words.compose.onWireShort}</span>
        </p>
      ))}
    </section>
  );
}
