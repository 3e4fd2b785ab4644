// The one banner of the mailbox: the most urgent of what is due.

import { Banner } from '../parts/banner.tsx';
import { Button } from '../parts/button.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { letterTime } from '../words/dates.ts';
import type { MailState } from './mail-state.ts';
import type { Extras } from './use-extras.ts';

export interface PageBannerProps {
  readonly state: MailState;
  readonly extras: Extras;
  readonly onPhrase: () => void;
}

export function PageBanner(of: PageBannerProps) {
  const words = useWords();
  const language = useLanguage();
  const { recoveryDueMs, phraseMissing, cancelRecovery } = of.extras;
  const action = (word: string, onPress: () => void) => (
    <Button kind="outline" onPress={onPress}>
      {word}
    </Button>
  );
  if (of.state.signedOut) {
    return (
      <Banner icon="log-out" action={action(words.entry.signIn, () => location.replace('/'))}>
        {words.banners.signedOut}
      </Banner>
    );
  }
  if (!of.state.online) return <Banner icon="triangle-alert">{words.banners.offline}</Banner>;
  if (recoveryDueMs !== undefined) {
    return (
      <Banner icon="shield-alert" action={action(words.banners.recoveryStop, cancelRecovery)}>
        {words.banners.recoveryDue(letterTime(words, language, recoveryDueMs, nowMs()))}
      </Banner>
    );
  }
  if (!phraseMissing) return null;
  return (
    <Banner icon="key-round" action={action(words.banners.phraseNow, of.onPhrase)}>
      {words.banners.phraseMissing}
    </Banner>
  );
}
