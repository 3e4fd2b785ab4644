// The register as a list: the sentence on top, what waits for this person first, one filter.

import { useState } from 'preact/hooks';
import type { DeskArrival, DeskListed } from '#formats/auth-wire/desk-answers.ts';
import { Button } from '../parts/button.tsx';
import { Select } from '../parts/select.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { dayWords, momentWords } from './day-words.ts';
import { inOrder, whatWaits, type Me, type Waits } from './desk-model.ts';
import type { OpenedProps } from './desk-place.ts';
import type { DeskWords } from '../words/desk-en.ts';
import { useDeskWords } from './use-desk-words.ts';

export interface DeskListProps extends OpenedProps {
  readonly arrivals: readonly DeskArrival[];
  readonly filings: readonly DeskListed[];
  readonly more: boolean;
  readonly me: Me;
}

const SHOWN_FIRST = 100;

export function DeskList({ arrivals, filings, more, me, onPlace }: DeskListProps) {
  const words = useDeskWords();
  const [year, setYear] = useState('all');
  const [shown, setShown] = useState(SHOWN_FIRST);
  const waits = whatWaits(filings, me, arrivals.length);
  const years = [...new Set(filings.map(({ filing }) => filing.slice(0, 4)))].toSorted().toReversed();
  const rows = inOrder(year === 'all' ? filings : filings.filter(({ filing }) => filing.startsWith(`${year}-`)));
  return (
    <>
      <h1 class="title safety-title">{sentenceOf(waits, words)}</h1>
      <div class="desk-do">
        {waits.filing === undefined ? null : (
          <Button kind="primary" onPress={() => onPlace({ at: 'filing', filing: waits.filing ?? '' })}>
            {words.list.open(waits.filing)}
          </Button>
        )}
        <Button
          kind={waits.filing === undefined ? 'primary' : 'outline'}
          onPress={() => onPlace({ at: 'form', corrects: null })}
        >
          {words.list.file}
        </Button>
      </div>
      {arrivals.length === 0 ? null : <Arrivals arrivals={arrivals} onPlace={onPlace} />}
      <section class="desk-part" aria-labelledby="desk-register">
        <div class="safety-head">
          <h2 class="section" id="desk-register">
            {words.list.title}
          </h2>
          {years.length > 1 ? (
            <Select
              label={words.list.year}
              value={year}
              options={[
                { value: 'all', word: words.list.allYears },
                ...years.map((one) => ({ value: one, word: one })),
              ]}
              onChoose={setYear}
            />
          ) : null}
        </div>
        {rows.length === 0 ? <p class="meta safety-none">{words.list.none}</p> : null}
        <ul class="desk-rows">
          {rows.slice(0, shown).map((row) => (
            <Row key={row.filing} row={row} onOpen={() => onPlace({ at: 'filing', filing: row.filing })} />
          ))}
        </ul>
        {rows.length > shown ? (
          <Button kind="outline" onPress={() => setShown(shown + SHOWN_FIRST)}>
            {words.list.show(rows.length - shown)}
          </Button>
        ) : null}
        {more ? <p class="meta">{words.list.more}</p> : null}
      </section>
    </>
  );
}

function Arrivals({ arrivals, onPlace }: Pick<DeskListProps, 'arrivals' | 'onPlace'>) {
  const words = useDeskWords();
  const language = useLanguage();
  return (
    <section class="desk-part" aria-labelledby="desk-arrivals">
      <h2 class="section" id="desk-arrivals">
        {words.arrivals.title}
      </h2>
      <ul class="desk-rows">
        {arrivals.map((one) => (
          <li key={one.arrival}>
            <button type="button" class="desk-row" onClick={() => onPlace({ at: 'arrival', arrival: one })}>
              <strong class="desk-number">{momentWords(language, one.receivedMs)}</strong>
              <span class="desk-what">{words.channels[one.channel]}</span>
              <span class="desk-state meta">{one.arrival}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ row, onOpen }: { readonly row: DeskListed; readonly onOpen: () => void }) {
  const words = useDeskWords();
  const language = useLanguage();
  const kinds = row.kinds.map((kind) => words.kinds[kind]).join(', ');
  return (
    <li>
      <button type="button" class="desk-row" data-waits={row.waitsForMe ? '' : undefined} onClick={onOpen}>
        <strong class="desk-number">{row.filing}</strong>
        <span class="desk-what">
          {kinds}
          <span class="meta">
            {' '}
            {words.list.came(words.channels[row.channel], dayWords(language, row.receivedOn))}
            {row.dueMs === null ? '' : ` · ${words.list.due(momentWords(language, row.dueMs))}`}
          </span>
        </span>
        <span class="desk-state">
          {row.urgency === 'EMERGENCY' && row.outcome === null ? <strong>{words.emergency} · </strong> : null}
          {words.states[row.state]}
        </span>
      </button>
    </li>
  );
}

function sentenceOf(waits: Waits, { waits: sentences }: DeskWords): string {
  return waits.kind === 'nothing' ? sentences.nothing : sentences[waits.kind](waits.count);
}
