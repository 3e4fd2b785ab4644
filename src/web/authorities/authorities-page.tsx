// The form for authorities: keys are asked for, what is written is sealed and sent, a reference comes back.

import { useEffect, useState } from 'preact/hooks';
import type { AuthoritiesDesk } from '#formats/auth-wire/authorities-answers.ts';
import { Button } from '../parts/button.tsx';
import { PublicPage } from '../parts/public-page.tsx';
import { authoritiesDe } from '../words/authorities-de.ts';
import { authoritiesEn, type AuthoritiesWords } from '../words/authorities-en.ts';
import type { Language } from '../words/dates.ts';
import { groupedFingerprint } from '../parts/fingerprint.ts';
import { RequestForm } from './request-form.tsx';
import { readDesk } from './send-form.ts';

type Asked = AuthoritiesDesk | 'noAnswer' | undefined;

export function AuthoritiesPage(of: { readonly first: Language; readonly reach: typeof fetch }) {
  const [language, setLanguage] = useState(of.first);
  const [desk, setDesk] = useState<Asked>(undefined);
  const [arrival, setArrival] = useState<string | undefined>(undefined);
  const words = language === 'de' ? authoritiesDe : authoritiesEn;
  useEffect(() => void readDesk(of.reach).then((answer) => setDesk(answer ?? 'noAnswer')), [of.reach]);
  return (
    <PublicPage words={words} language={language} onLanguage={setLanguage}>
      {desk === undefined ? <p class="meta authorities-part">{words.waiting}</p> : null}
      {desk === 'noAnswer' ? (
        <p class="public-warn" role="alert">
          {words.noAnswer}
        </p>
      ) : null}
      {desk !== undefined && desk !== 'noAnswer' ? (
        <Desk {...of} words={words} desk={desk} arrival={arrival} onArrival={setArrival} />
      ) : null}
      <p class="public-foot">
        <a href={`/transparency?lang=${language}`}>{words.report}</a>{' '}
        <a href={`/trust?lang=${language}`}>{words.trust}</a>
      </p>
    </PublicPage>
  );
}

interface DeskProps {
  readonly words: AuthoritiesWords;
  readonly desk: AuthoritiesDesk;
  readonly reach: typeof fetch;
  readonly arrival: string | undefined;
  readonly onArrival: (arrival: string | undefined) => void;
}

function Desk(of: DeskProps) {
  const { words, desk, arrival } = of;
  if (desk.roster.length === 0) return <p class="public-warn">{words.closed}</p>;
  return (
    <>
      {arrival === undefined ? <RequestForm {...of} /> : <Arrived {...of} arrival={arrival} />}
      <section class="authorities-part" aria-labelledby="authorities-keys">
        <h2 class="section" id="authorities-keys">
          {words.keys}
        </h2>
        <p class="authorities-says">{words.keysMeans}</p>
        <dl class="authorities-keys">
          {desk.roster.map(({ role, fingerprint }) => (
            <div key={fingerprint}>
              <dt>{words.roles[role]}</dt>
              <dd>
                <code>{groupedFingerprint(fingerprint)}</code>
              </dd>
            </div>
          ))}
        </dl>
        <p>
          <a href="/authorities/keys.asc" download={`${desk.house}.asc`}>
            {words.keysFile}
          </a>
        </p>
      </section>
    </>
  );
}

function Arrived({ words, arrival, onArrival }: DeskProps & { readonly arrival: string }) {
  return (
    <section class="authorities-part" role="status">
      <h2 class="section">{words.arrived}</h2>
      <p>
        {words.reference2}: <code>{arrival}</code>
      </p>
      <p class="authorities-says">{words.arrivedMeans}</p>
      <Button kind="outline" onPress={() => onArrival(undefined)}>
        {words.another}
      </Button>
    </section>
  );
}
