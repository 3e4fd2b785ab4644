// What the composer says when its draft was changed on another device: both stand in Drafts, and either can be gone on with.

import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Elsewhere } from './compose-state.ts';

export interface DraftElsewhereProps {
  readonly elsewhere: Elsewhere;
  /** The other one is opened; what stands here is kept first. */
  readonly onOther: () => void;
  readonly onGoOn: () => void;
}

export function DraftElsewhere({ elsewhere, onOther, onGoOn }: DraftElsewhereProps) {
  const words = useWords().compose.elsewhere;
  return (
    <p class="note note-warn compose-hindrance" role="alert">
      <Icon name="history" />
      <span class="note-text">{words[elsewhere.how]}</span>
      {elsewhere.how === 'changed' ? (
        <Button kind="outline" onPress={onOther}>
          {words.showOther}
        </Button>
      ) : null}
      <Button kind="outline" onPress={onGoOn}>
        {words.goOn}
      </Button>
    </p>
  );
}
