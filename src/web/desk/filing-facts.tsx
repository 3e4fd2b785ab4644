// What the register knows of a request: never whom it is about.

import type { DeskFiling, DeskLook } from '#formats/auth-wire/desk-answers.ts';
import { Button } from '../parts/button.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { dayWords, momentWords } from './day-words.ts';
import type { OpenedProps } from './desk-place.ts';
import { useDeskWords } from './use-desk-words.ts';

export function FilingFacts(
  of: Pick<OpenedProps, 'onPlace'> & { readonly shown: DeskFiling; readonly policy: NonNullable<DeskLook['policy']> },
) {
  const { shown, policy, onPlace } = of;
  const words = useDeskWords();
  const language = useLanguage();
  const facts: readonly (readonly [string, string])[] = [
    [words.facts.received, dayWords(language, shown.receivedOn)],
    [words.facts.authority, `${words.classes[shown.authority.class]}, ${shown.authority.country}`],
    [words.facts.channel, words.channels[shown.channel]],
    [words.facts.policy, shown.decision === null ? words.facts.notChecked : words.decisions[shown.decision]],
    [words.facts.instrument, words.instruments[shown.instrument]],
    ...shown.deadlines.map(({ kind, norm, dueMs, state }): readonly [string, string] => [
      words.facts.clocks[kind],
      `${momentWords(language, dueMs)}${state === 'OVERDUE' ? ` · ${words.facts.overdue}` : ''}${norm === null ? '' : ` · ${policy.norms.find(({ id }) => id === norm)?.cite ?? norm}`}`,
    ]),
    ...(shown.filedBy === null ? [] : [[words.facts.filedBy, shown.filedBy] as const]),
  ];
  const link = (filing: string, word: string) => (
    <Button kind="link" onPress={() => onPlace({ at: 'filing', filing })}>
      {word}
    </Button>
  );
  return (
    <>
      {shown.urgency === 'EMERGENCY' ? <p class="safety-trouble">{words.facts.emergency}</p> : null}
      <dl class="desk-facts">
        {facts.map(([name, value]) => (
          <div key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{words.facts.items}</dt>
          <dd>
            <ol class="desk-items">
              {shown.items.map((item, at) => (
                <li key={at}>
                  {words.kinds[item.kind]}
                  <span class="meta">
                    {' '}
                    {policy.norms.find(({ id }) => id === item.basis)?.cite ?? words.facts.noBasis}
                    {item.from === null && item.until === null ? '' : ` · ${item.from ?? '…'} – ${item.until ?? '…'}`}
                  </span>
                </li>
              ))}
            </ol>
          </dd>
        </div>
      </dl>
      {shown.corrects === null ? null : <p>{link(shown.corrects, words.facts.corrects(shown.corrects))}</p>}
      {shown.correctedBy === null ? null : <p>{link(shown.correctedBy, words.facts.correctedBy(shown.correctedBy))}</p>}
    </>
  );
}
