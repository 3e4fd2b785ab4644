// The mailbox document: starts the worker that holds the keys, then shows the list.

import { render } from 'preact';
import { storedLanguage } from '../look/choices.ts';
import { askForSerif } from '../look/serif.ts';
import { chooseLanguage } from '../words/words.ts';
import { openMailWorker } from '../worker/open-worker.ts';
import { MailControl, type AddressBar } from './mail-control.ts';
import { MailModel } from './mail-model.ts';
import { MailPage } from './mail-page.tsx';

async function openMailbox(place: Element): Promise<void> {
  const firstLanguage = chooseLanguage(storedLanguage(), navigator.languages);
  document.documentElement.lang = firstLanguage;
  const backend = openMailWorker();
  const model = new MailModel(backend);
  if (!(await model.start())) return location.replace('/');
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
    moveAnchor: () =>
      document.querySelector<HTMLElement>('.letter-tools [aria-label], .row[data-selected]') ?? undefined,
    signOut: () => void backend.signOut().finally(() => location.replace('/')),
  });
  addEventListener('hashchange', () => void control.follow());
  render(<MailPage backend={backend} control={control} firstLanguage={firstLanguage} />, place);
  askForSerif();
  await control.follow();
}

const place = document.querySelector('#page');
if (place) void openMailbox(place);
