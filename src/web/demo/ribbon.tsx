// The ribbon over the sample office: that all of it is invented, and its people, one press away each.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import type { Language } from '../words/words.ts';
import { openKeyWorker } from '../worker/open-worker.ts';
import { demoWords, type DemoWords } from './demo-words.ts';

const peopleShape = v.object({
  persons: v.array(
    v.object({
      key: v.picklist(['leyla', 'jonas', 'mara']),
      name: v.string(),
      address: v.string(),
      plainPassword: v.string(),
    }),
  ),
  /** Where to ask, and whether the mailboxes are empty just now. */
  wreck: v.object({ break: v.string(), undo: v.string(), isBroken: v.boolean() }),
});
type Wreck = v.InferOutput<typeof peopleShape>['wreck'];
type SamplePerson = v.InferOutput<typeof peopleShape>['persons'][number];

/** Follows the page, whose language stands on its root. */
function useLanguageOfPage(): Language {
  const read = (): Language => (document.documentElement.lang === 'de' ? 'de' : 'en');
  const [language, setLanguage] = useState(read);
  useEffect(() => {
    const watcher = new MutationObserver(() => setLanguage(read()));
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
    return () => watcher.disconnect();
  }, []);
  return language;
}

/** Signs out here, signs in as that person, and opens the mailbox from its beginning. */
async function become({ address, plainPassword }: SamplePerson): Promise<void> {
  document.documentElement.dataset['demo'] = 'switching';
  await fetch('/auth/logout', { method: 'POST' }).catch(() => undefined);
  const { entry, end } = openKeyWorker();
  const step = await entry.signIn({ address, plainPassword }).catch(() => undefined);
  end();
  const isIn = step?.ok === true && step.value.step === 'done';
  history.replaceState(undefined, '', isIn ? '/mail' : '/');
  location.reload();
}

/** R0, live: the wrong command empties the mailboxes; the undo brings all back, with the letter that came meanwhile on top. */
function WreckButton({ wreck, words }: { readonly wreck: Wreck; readonly words: DemoWords }) {
  const [isBusy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    // the answer ends when it is done
    await fetch(wreck.isBroken ? wreck.undo : wreck.break)
      .then((answer) => answer.text())
      .catch(() => undefined);
    location.reload();
  };
  const title = wreck.isBroken ? words.undoMeans : words.breakMeans;
  const name = isBusy ? words.isUnderWay : wreck.isBroken ? words.undo : words.break;
  return (
    <button type="button" class="demo-person demo-wreck" title={title} disabled={isBusy} onClick={() => void act()}>
      {name}
    </button>
  );
}

function Ribbon(of: {
  readonly people: readonly SamplePerson[];
  readonly wreck: Wreck;
  readonly address: string | undefined;
}) {
  const language = useLanguageOfPage();
  const words = demoWords[language];
  const [next, setNext] = useState<SamplePerson>();
  return (
    <aside class="demo" lang={language} aria-label={words.sampleData}>
      <strong class="demo-word">{words.sampleData}</strong>
      <span class="demo-office">{words.office}</span>
      <span class="demo-space" role="status">
        {next ? words.opening(next.name) : ''}
      </span>
      {of.address !== undefined && <WreckButton wreck={of.wreck} words={words} />}
      <span class="demo-people" role="group" aria-label={words.openAs}>
        {of.people.map((person) => (
          <button
            key={person.key}
            type="button"
            class="demo-person"
            aria-pressed={person.address === (next?.address ?? of.address)}
            aria-label={words.openMailboxOf(person.name)}
            title={`${words.work[person.key]} · ${person.address}`}
            disabled={next !== undefined}
            onClick={() => {
              if (person.address === of.address) return;
              setNext(person);
              void become(person);
            }}
          >
            {person.name.split(' ')[0]}
          </button>
        ))}
      </span>
    </aside>
  );
}

export async function drawRibbon(address: string | undefined): Promise<void> {
  const place = document.querySelector('#demo');
  const path = document.querySelector<HTMLMetaElement>('meta[name="siegel-demo"]')?.content;
  if (!place || !path) return;
  const answer = await fetch(path);
  const parsed = v.safeParse(peopleShape, await answer.json());
  if (parsed.success)
    render(<Ribbon people={parsed.output.persons} wreck={parsed.output.wreck} address={address} />, place);
}
