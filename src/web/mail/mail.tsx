// The mailbox document: starts the worker that holds the keys, then shows the list.

import { render } from 'preact';
import { showDemo } from '../demo/show-demo.ts';
import { storedGrouping, storedLanguage } from '../look/choices.ts';
import { askForSerif } from '../look/serif.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { chooseLanguage, fetchWords, type Words } from '../words/words.ts';
import { openMailWorker } from '../worker/open-worker.ts';
import { WorkerRefusal } from '../worker/call-door.ts';
import { MailControl, type AddressBar } from './mail-control.ts';
import { MailModel } from './mail-model.ts';
import { MailPage } from './mail-page.tsx';

function Unavailable({ words }: { readonly words: Words }) {
  return (
    <Empty drawing="closed" sentence={words.entry.refusals['server-unavailable']}>
      <Button kind="outline" onPress={() => location.reload()}>
        {words.letter.tryAgain}
      </Button>
    </Empty>
  );
}

async function openMailbox(place: Element): Promise<void> {
  const shared = new URLSearchParams(location.search).get('shared') ?? '';
  const backend = openMailWorker(shared);
  const language = chooseLanguage(storedLanguage(), navigator.languages);
  document.documentElement.lang = language;
  const model = new MailModel(backend, storedGrouping());
  const speaking = fetchWords(language);
  const started = await model.start().catch(() => 'unavailable' as const);
  const words = await speaking;
  // taken away, or not there: one's own mailbox is
  if (started === 'unavailable' && shared !== '') return location.replace('/mail');
  if (started === 'unavailable') return render(<Unavailable words={words} />, place);
  if (!started) return location.replace('/');
  const bar: AddressBar = {
    hash: () => location.hash,
    go: (hash) => {
      location.hash = hash;
    },
    replace: (hash) => history.replaceState(undefined, '', hash),
  };
  const control = new MailControl({
    model,
    bar,
    isNarrow: () => matchMedia('(max-width: 719.98px)').matches,
    menuAnchor: (name) =>
      document.querySelector<HTMLElement>(`.letter-tools [data-name=${name}]`) ??
      document.querySelector<HTMLElement>('.row[data-selected]') ??
      undefined,
    signOut: () => void backend.signOut().finally(() => location.replace('/')),
  });
  // What was pressed and could not be had is told in one place; what only went stale, the model asks for again.
  addEventListener('unhandledrejection', (event) => {
    if (!(event.reason instanceof WorkerRefusal)) return;
    event.preventDefault();
    if (!model.store.get().signedOut) model.say(words.entry.refusals['no-connection']);
  });
  addEventListener('hashchange', () => void control.follow());
  render(<MailPage backend={backend} control={control} first={{ language, words }} />, place);
  askForSerif();
  showDemo(model.store.get().session?.address);
  await control.follow();
}

const place = document.querySelector('#page');
if (place) void openMailbox(place);
