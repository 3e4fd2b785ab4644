// The letter to the authority: drafted from the reasons, read and changed by a person, sent by that person, noted here.

import { useState } from 'preact/hooks';
import type { DeskFiling } from '#formats/auth-wire/desk-answers.ts';
import { Button } from '../parts/button.tsx';
import { Select } from '../parts/select.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { troubleText } from './desk-place.ts';
import { draftLetter, noteLetter } from './desk-reads.ts';
import { useDeskWords } from './use-desk-words.ts';

export interface LetterFormProps {
  readonly shown: DeskFiling;
  readonly say: (text: string) => void;
  readonly onNoted: () => Promise<void>;
}

export function LetterForm({ shown, say, onNoted }: LetterFormProps) {
  const words = useDeskWords();
  const [language, setLanguage] = useState<'de' | 'en'>(useLanguage());
  const [text, setText] = useState<string | undefined>(undefined);
  const { filing } = shown;
  const draft = async (): Promise<void> => {
    const made = await draftLetter(filing, { letterKind: 'REJECTION', language, reasons: [] });
    if (made.ok) setText(`${made.value.subject}\n\n${made.value.text}`);
    else say(troubleText(made.error, words));
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text ?? '');
      say(words.letter.copied);
    } catch {
      say(words.letter.notCopied);
    }
  };
  const note = async (): Promise<void> => {
    const noted = await noteLetter(filing, { text: text ?? '', letterKind: 'REJECTION', language });
    if (!noted.ok) return say(troubleText(noted.error, words));
    setText(undefined);
    say(words.letter.noted);
    await onNoted();
  };
  return (
    <section class="desk-part" aria-labelledby="desk-letter">
      <h2 class="section" id="desk-letter">
        {words.letter.title}
      </h2>
      <p class="meta desk-says">{words.letter.says}</p>
      {text === undefined ? (
        <div class="desk-do">
          <Select
            label={words.letter.language}
            value={language}
            options={[
              { value: 'de', word: 'Deutsch' },
              { value: 'en', word: 'English' },
            ]}
            onChoose={setLanguage}
          />
          <Button kind="outline" onPress={() => void draft()}>
            {words.letter.draft}
          </Button>
        </div>
      ) : (
        <>
          <textarea
            class="desk-text"
            rows={18}
            lang={language}
            aria-label={words.letter.title}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <div class="desk-do">
            <Button kind="outline" onPress={() => void copy()}>
              {words.letter.copy}
            </Button>
            <Button kind="primary" disabled={text.trim() === ''} onPress={() => void note()}>
              {words.letter.note}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
