// Unsubscribe: one press and a question where the sender signed for it; else by message, or on the list's own page after a word of warning.

import { useState } from 'preact/hooks';
import type { Unsubscribe } from '../backend.ts';
import type { ComposeAsk } from '../compose/compose-ask.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { leaveList } from './ask-outside.ts';
import { parseMailto } from './mailto.ts';
import { useOutsideWords } from './use-outside-words.ts';

type Way =
  | { readonly kind: 'one-click' | 'page'; readonly url: string; readonly host: string }
  | { readonly kind: 'letter'; readonly ask: ComposeAsk; readonly address: string };

/** A message comes before a page: it is sealed or not, but it leads nobody to a stranger's site. */
export function wayOut({ https, mailto, isOneClick }: Unsubscribe, canWrite: boolean): Way | undefined {
  const page = https === undefined ? null : URL.parse(https);
  if (page !== null && isOneClick) return { kind: 'one-click', url: page.href, host: page.host };
  const ask = mailto === undefined || !canWrite ? undefined : parseMailto(mailto);
  if (ask?.kind === 'new') return { kind: 'letter', ask, address: ask.to.map(({ address }) => address).join(', ') };
  return page === null ? undefined : { kind: 'page', url: page.href, host: page.host };
}

export function UnsubscribeButton(of: {
  readonly unsubscribe: Unsubscribe;
  /** Opens the composer with a mailto: address; undefined: it cannot. */
  readonly onWrite?: ((ask: ComposeAsk) => void) | undefined;
}) {
  const words = useOutsideWords();
  const [asking, setAsking] = useState(false);
  const [state, setState] = useState<'asleep' | 'leaving' | 'left' | 'not-left'>('asleep');
  const way = wayOut(of.unsubscribe, of.onWrite !== undefined);
  if (!way) return null;
  const go = async (): Promise<void> => {
    if (way.kind === 'letter') return of.onWrite?.(way.ask);
    if (way.kind === 'page') {
      window.open(way.url, '_blank', 'noopener,noreferrer');
      return undefined;
    }
    setState('leaving');
    const left = await leaveList(way.url);
    setState(left.ok ? 'left' : 'not-left');
    return undefined;
  };
  const host = way.kind === 'letter' ? '' : way.host;
  const question = {
    'one-click': { title: words.oneClickTitle, text: words.oneClickText(host), verb: words.unsubscribe },
    page: { title: words.byPageTitle, text: words.byPageText(host), verb: words.openPage },
    letter: {
      title: words.byLetterTitle,
      text: words.byLetterText(way.kind === 'letter' ? way.address : ''),
      verb: words.write,
    },
  }[way.kind];
  return (
    <div class="unsubscribe">
      {state === 'left' ? null : (
        <Button kind="link" disabled={state === 'leaving'} onPress={() => setAsking(true)}>
          {state === 'leaving' ? words.leaving : words.unsubscribe}
        </Button>
      )}
      {state === 'left' || state === 'not-left' ? (
        <span class="unsubscribe-told" role={state === 'left' ? 'status' : 'alert'}>
          {state === 'left' ? words.left(host) : words.notLeft(host)}
        </span>
      ) : null}
      {asking ? <Confirm {...question} onConfirm={() => void go()} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}
