// Before somebody is of the desk: no policy is in force, or this account's key does not stand in its roster.

import type { DeskLook } from '#formats/auth-wire/desk-answers.ts';
import { Button } from '../parts/button.tsx';
import { groupedFingerprint } from '../parts/fingerprint.ts';
import { useDeskWords } from './use-desk-words.ts';

export function NotYet({ look, say }: { readonly look: DeskLook; readonly say: (text: string) => void }) {
  const words = useDeskWords();
  const { own, policy } = look;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(own.certificate);
      say(words.notYet.copied);
    } catch {
      say(words.notYet.notCopied);
    }
  };
  return (
    <>
      <h1 class="title safety-title">{policy === null ? words.notYet.noPolicy : words.notYet.notInRoster}</h1>
      <p class="desk-says">{policy === null ? words.notYet.noPolicyNext : words.notYet.notInRosterNext}</p>
      <section class="desk-part" aria-labelledby="desk-own">
        <h2 class="section" id="desk-own">
          {words.notYet.own}
        </h2>
        <p>
          <code class="desk-fingerprint">{groupedFingerprint(own.fingerprint)}</code>
        </p>
        <Button kind="outline" onPress={() => void copy()}>
          {words.notYet.copy}
        </Button>
        <details>
          <summary>{words.notYet.show}</summary>
          <pre class="desk-armor">{own.certificate}</pre>
        </details>
      </section>
      {policy === null ? (
        <p class="desk-part">
          <code>siegel desk prepare policy.json --out signed.json</code> · <code>siegel desk policy signed.json …</code>
        </p>
      ) : null}
    </>
  );
}
