// The ribbon over the sample office: that all of it is invented, and its people, one press away each.

import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import type { Language } from '../words/words.ts';
import { openKeyWorker } from '../worker/open-worker.ts';
import { demoWords } from './demo-words.ts';

const peopleShape = v.object({
  persons: v.array(
    v.object({
      key: v.picklist(['leyla', 'jonas', 'mara']),
      name: v.string(),
      address: v.string(),
      plainPassword: v.string(),
    }),
  ),
});
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

function Ribbon(of: { readonly people: readonly SamplePerson[]; readonly address: string | undefined }) {
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
  if (parsed.success) render(<Ribbon people={parsed.output.persons} address={address} />, place);
}
