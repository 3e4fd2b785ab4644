// The keys of one person, newest first: which is used, since when it is known, whether it was compared.

import { fingerprintGroups } from '../parts/fingerprint.ts';
import { Button } from '../parts/button.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { longDate } from '../words/dates.ts';
import type { PinnedKey } from '../writing.ts';
import { useContactWords } from './use-contact-words.ts';

export function ContactKeys(of: {
  readonly keys: readonly PinnedKey[];
  readonly onCompared: (fingerprint: string) => void;
}) {
  const words = useContactWords();
  const language = useLanguage();
  if (of.keys.length === 0) return <p class="meta">{words.noKey}</p>;
  return (
    <ul class="contact-keys">
      {of.keys.map((key, index) => (
        <li key={key.fingerprint} class="contact-key" data-former={index > 0 ? '' : undefined}>
          <p class="contact-key-state">
            <SealMark shape={key.verified ? 'checked' : 'on-arrival'} size={16} />
            <span>{index > 0 ? words.formerKey : key.verified ? words.verified : words.firstUse}</span>
          </p>
          <p class="mono contact-fingerprint" aria-label={words.fingerprint}>
            {fingerprintGroups(key.fingerprint).map((group, place) => (
              <span key={place}>{group}</span>
            ))}
          </p>
          <p class="meta">
            {words.seen(longDate(language, key.firstSeenMs), longDate(language, key.lastSeenMs))}{' '}
            {words.sources[key.source]}
          </p>
          {index === 0 && !key.verified ? (
            <Button kind="link" onPress={() => of.onCompared(key.fingerprint)}>
              {words.compared}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
