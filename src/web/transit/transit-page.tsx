// The drop page: its head in both languages, who is let in, the desk, and what is under way in the house.

import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { PublicPage } from '../parts/public-page.tsx';
import type { Language } from '../words/dates.ts';
import { transitDe } from '../words/transit-de.ts';
import { transitEn, type TransitWords } from '../words/transit-en.ts';
import { askDoor, type DoorState } from './ask-door.ts';
import { DropDesk } from './drop-desk.tsx';

export interface TransitProps {
  readonly first: Language;
  readonly reach: typeof fetch;
}

export function TransitPage(of: TransitProps) {
  const [language, setLanguage] = useState(of.first);
  const words = language === 'de' ? transitDe : transitEn;
  return (
    <PublicPage words={words} language={language} onLanguage={setLanguage}>
      <Inside {...of} words={words} language={language} />
    </PublicPage>
  );
}

/** A page of its own: results lie in this one only, and must not be left for it. */
function selfCheckPage(language: Language): string {
  return `/transit/self-check?lang=${language}`;
}

type InsideProps = TransitProps & { readonly words: TransitWords; readonly language: Language };

/** What stands behind the door, for those it opens to. */
function Inside({ words, language, reach }: InsideProps) {
  const [door, setDoor] = useState<DoorState | undefined>(undefined);
  const [code, setCode] = useState<string | undefined>(undefined);
  useEffect(() => void askDoor(reach, code).then(setDoor), [reach, code]);
  if (door === undefined) return null;
  if (door === 'noTransit' || door === 'noConnection')
    return (
      <p class="public-warn" role="alert">
        {words[door]}
      </p>
    );
  if (door.isShut)
    return (
      <p class="public-warn" role="alert">
        {words.shut} <a href={selfCheckPage(language)}>{words.shutWhy}</a>
      </p>
    );
  if (!door.isLetIn) return <Door words={words} access={door.access} wasWrong={code !== undefined} onCode={setCode} />;
  return (
    <>
      <DropDesk words={words} language={language} reach={reach} door={door} code={code} />
      <p class="public-foot">
        <a href={selfCheckPage(language)} target="_blank" rel="noopener">
          {words.selfCheck}
        </a>
      </p>
    </>
  );
}

function Door(of: {
  readonly words: TransitWords;
  readonly access: 'signIn' | 'code' | 'open';
  readonly wasWrong: boolean;
  readonly onCode: (code: string) => void;
}) {
  const { words } = of;
  const [typed, setTyped] = useState('');
  if (of.access !== 'code')
    return (
      <p class="public-warn">
        {words.signIn} <a href="/">{words.signInLink}</a>
      </p>
    );
  return (
    <form
      class="code-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') of.onCode(typed.trim());
      }}
    >
      <div class="field">
        <label class="field-label" for="transit-code">
          {words.code}
        </label>
        <div class="field-box" {...(of.wasWrong ? { 'data-wrong': '' } : {})}>
          <input
            id="transit-code"
            class="field-input"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            aria-invalid={of.wasWrong}
            aria-describedby="transit-code-help"
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <div
          class={of.wasWrong ? 'field-help field-error' : 'field-help'}
          id="transit-code-help"
          role={of.wasWrong ? 'alert' : undefined}
        >
          {of.wasWrong ? words.codeWrong : words.codeHelp}
        </div>
      </div>
      <Button kind="primary" submits>
        {words.codeUse}
      </Button>
    </form>
  );
}
