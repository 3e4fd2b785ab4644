// The recovery phrase: shown once, then three of its words asked, then it counts.

import { useMemo, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../parts/speech.tsx';
import { askedPositions } from './phrase-check.ts';

export function PhraseShown(of: {
  readonly phrase: readonly string[];
  readonly onWritten: () => void;
  readonly onLater?: () => void;
}) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(of.phrase.join(' ')).then(() => setCopied(true));
  };
  return (
    <>
      <ol class="phrase">
        {of.phrase.map((word, index) => (
          <li key={word} data-number={index + 1}>
            {word}
          </li>
        ))}
      </ol>
      <div class="phrase-actions">
        <Button kind="outline" tall onPress={copy}>
          {copied ? <Icon name="check" /> : null}
          {copied ? words.entry.phraseCopied : words.entry.phraseCopy}
        </Button>
        <Button kind="outline" tall onPress={() => window.print()}>
          {words.entry.phrasePrint}
        </Button>
        <Button kind="primary" tall onPress={of.onWritten}>
          {words.entry.phraseWritten}
        </Button>
      </div>
      {of.onLater ? (
        <p class="entry-note">
          <Button kind="link" onPress={of.onLater}>
            {words.entry.phraseLater}
          </Button>{' '}
          {words.entry.phraseLaterNote}
        </p>
      ) : null}
    </>
  );
}

export function PhraseAsked(of: {
  readonly phrase: readonly string[];
  readonly button: string;
  readonly onRight: () => void;
  readonly onAgain: () => void;
}) {
  const words = useWords();
  const asked = useMemo(() => {
    const randoms = [...crypto.getRandomValues(new Uint32Array(3))].map((value) => value / 2 ** 32);
    return askedPositions(of.phrase.length, randoms);
  }, [of.phrase]);
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [tried, setTried] = useState(false);
  const isRight = (position: number): boolean => typed[position]?.trim().toLowerCase() === of.phrase[position];
  return (
    <form
      class="entry-form"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (asked.every(isRight)) of.onRight();
      }}
    >
      {asked.map((position, index) => (
        <Field
          key={position}
          label={words.entry.phraseWord(position + 1)}
          value={typed[position] ?? ''}
          focus={index === 0}
          error={tried && !isRight(position) ? words.entry.phraseWrong : undefined}
          onInput={(value) => setTyped({ ...typed, [position]: value })}
        />
      ))}
      <Button kind="primary" submits wide tall>
        {of.button}
      </Button>
      <p class="entry-note">
        <Button kind="link" onPress={of.onAgain}>
          {words.entry.phraseAgain}
        </Button>
      </p>
    </form>
  );
}
