// What was last heard about figures, and the choices; the tab and the card work alike.

import { useEffect, useState } from 'preact/hooks';
import type { TelemetryAnswer, TelemetryChoice } from '#formats/auth-wire/telemetry-answers.ts';
import { useLanguage } from '../parts/speech.tsx';
import { telemetryDe } from '../words/telemetry-de.ts';
import { telemetryEn, type TelemetryWords } from '../words/telemetry-en.ts';
import { choose, readTelemetry, type TelemetryTrouble } from './ask-telemetry.ts';

export function useTelemetryWords(): TelemetryWords {
  return useLanguage() === 'de' ? telemetryDe : telemetryEn;
}

export interface Figures {
  /** Undefined: not heard yet. */
  readonly told: TelemetryAnswer | undefined;
  readonly trouble: TelemetryTrouble | undefined;
  readonly isBusy: boolean;
  readonly look: () => void;
  /** Resolves with whether it was done. */
  readonly decide: (choice: TelemetryChoice) => Promise<boolean>;
}

export function useFigures(): Figures {
  const [told, setTold] = useState<TelemetryAnswer | undefined>(undefined);
  const [trouble, setTrouble] = useState<TelemetryTrouble | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const hear = async (asked: ReturnType<typeof readTelemetry>): Promise<boolean> => {
    setBusy(true);
    const heard = await asked;
    if (heard.ok) setTold(heard.value);
    setTrouble(heard.ok ? undefined : heard.error.kind);
    setBusy(false);
    return heard.ok;
  };
  const look = (): void => void hear(readTelemetry());
  useEffect(look, []);
  const decide = async (choice: TelemetryChoice): Promise<boolean> => {
    const isDone = await hear(choose(choice));
    // another list is asked now: it is shown, then it can be agreed to
    if (!isDone) {
      const now = await readTelemetry();
      if (now.ok) setTold(now.value);
    }
    return isDone;
  };
  return { told, trouble, isBusy, look, decide };
}
