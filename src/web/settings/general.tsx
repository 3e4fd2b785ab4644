// General: language, appearance, how dense the list is, whether it groups conversations, how long a sent letter can be taken back.

import { useState } from 'preact/hooks';
import type { Preferences } from '../backend.ts';
import { storedUndoSeconds, storeUndoSeconds, undoSeconds } from '../look/choices.ts';
import { Select } from '../parts/select.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import type { SettingsProps } from './settings.tsx';
import { Block } from './block.tsx';

type ThemeWord = 'system' | 'light' | 'dark';

export function GeneralSettings({ choices }: Pick<SettingsProps, 'choices'>) {
  const words = useWords();
  const language = useLanguage();
  const { preferences } = choices;
  const set = (part: Partial<Preferences>): void => choices.set({ ...preferences, ...part });
  const theme: ThemeWord = preferences.theme ?? 'system';
  return (
    <>
      <Block
        title={words.language}
        action={
          <Select
            label={words.language}
            value={language}
            options={[
              { value: 'de', word: words.languageNames.de },
              { value: 'en', word: words.languageNames.en },
            ]}
            onChoose={(chosen) => set({ language: chosen })}
          />
        }
      />
      <Block
        title={words.settings.theme}
        action={
          <Select
            label={words.settings.theme}
            value={theme}
            options={[
              { value: 'system', word: words.settings.themes.system },
              { value: 'light', word: words.settings.themes.light },
              { value: 'dark', word: words.settings.themes.dark },
            ]}
            onChoose={(chosen) => set({ theme: chosen === 'system' ? undefined : chosen })}
          />
        }
      />
      <Block
        title={words.settings.density}
        action={
          <Select
            label={words.settings.density}
            value={preferences.density}
            options={[
              { value: 'cosy', word: words.settings.densities.cosy },
              { value: 'compact', word: words.settings.densities.compact },
            ]}
            onChoose={(density) => set({ density })}
          />
        }
      />
      <Block
        title={words.settings.grouping}
        text={words.settings.groupingLead}
        action={
          <Select
            label={words.settings.grouping}
            value={preferences.grouped ? 'grouped' : 'single'}
            options={[
              { value: 'grouped', word: words.settings.groupings.grouped },
              { value: 'single', word: words.settings.groupings.single },
            ]}
            onChoose={(chosen) => set({ grouped: chosen === 'grouped' })}
          />
        }
      />
      <UndoTime />
    </>
  );
}

function UndoTime() {
  const words = useWords();
  const [seconds, setSeconds] = useState(storedUndoSeconds);
  return (
    <Block
      title={words.compose.undoTime}
      text={words.compose.undoTimeLead}
      action={
        <Select
          label={words.compose.undoTime}
          value={String(seconds)}
          options={undoSeconds.map((time) => ({ value: String(time), word: words.compose.undoTimes(time) }))}
          onChoose={(chosen) => {
            const time = undoSeconds.find((one) => String(one) === chosen);
            if (time === undefined) return;
            setSeconds(time);
            storeUndoSeconds(time);
          }}
        />
      }
    />
  );
}
