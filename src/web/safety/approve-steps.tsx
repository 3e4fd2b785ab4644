// To approve: the exact bytes to download, the command that signs them where the key is, and a place for the signature file.

import { useState } from 'preact/hooks';
import type { SafetyChange } from '#formats/auth-wire/safety-answers.ts';
import { saveBytes } from '../parts/save-bytes.ts';
import { Button } from '../parts/button.tsx';
import { DropPlace } from '../parts/drop-place.tsx';
import { Icon } from '../parts/icon.tsx';
import { handInSignature } from './ask-safety.ts';
import type { ChangeCardProps } from './change-card.tsx';
import { Command } from './command.tsx';
import { useSafetyWords } from './use-safety-words.ts';

/** Far above any signature file; the server has its own bound. */
const SIGNATURE_BYTES_MAX = 16_384;

type Told = { readonly isWrong: boolean; readonly text: string } | undefined;

export function ApproveSteps(of: ChangeCardProps & { readonly approval: NonNullable<SafetyChange['approval']> }) {
  const { approve: own } = useSafetyWords();
  const { number } = of.change;
  const { plan, namespace } = of.approval;
  const name = `change-${number}.json`;
  return (
    <ol class="approve">
      <li>
        <p>{own.lead}</p>
      </li>
      <li class="approve-step">
        <Button kind="outline" onPress={() => saveBytes(name, new TextEncoder().encode(plan))}>
          <Icon name="download" /> {own.download(name)}
        </Button>
        <p class="meta">{own.downloadWhy}</p>
      </li>
      <li class="approve-step">
        <p>{own.sign}</p>
        <Command text={`ssh-keygen -Y sign -n ${namespace} -f ~/.ssh/id_ed25519 ${name}`} say={of.say} />
      </li>
      <li class="approve-step">
        <HandIn {...of} name={`${name}.sig`} />
      </li>
    </ol>
  );
}

function HandIn(of: ChangeCardProps & { readonly name: string }) {
  const words = useSafetyWords();
  const { approve: own } = words;
  const [told, setTold] = useState<Told>(undefined);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setTold({ isWrong: false, text: own.handing });
    const text = await file.slice(0, SIGNATURE_BYTES_MAX).text();
    const done = await handInSignature(of.change.number, text);
    if (!done.ok) {
      const { error } = done;
      setTold({ isWrong: true, text: error.kind === 'refused' ? error.sentence : words.failed[error.kind] });
      return;
    }
    of.say(own.done(done.value.approval?.by.join(', ') ?? ''));
    await of.onChanged();
  };
  return (
    <DropPlace
      class="hand-in"
      kind="outline"
      label={own.handIn(of.name)}
      choose={own.choose}
      onFiles={([file]) => void take(file)}
      above={
        <>
          <p>{own.handIn(of.name)}</p>
          <p class="meta">{own.drop}</p>
        </>
      }
    >
      {told === undefined ? null : (
        <p class={told.isWrong ? 'hand-in-told field-error' : 'hand-in-told meta'} role="status">
          {told.isWrong ? <Icon name="triangle-alert" /> : null}
          <span {...(told.isWrong ? { lang: 'en' } : {})}>{told.text}</span>
        </p>
      )}
    </DropPlace>
  );
}
