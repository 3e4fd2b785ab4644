// What differs between the list that was agreed to and the one of now: whole questions first, then text by text.

import type { TelemetryAnswer } from '#formats/auth-wire/telemetry-answers.ts';
import { useLanguage } from '../parts/speech.tsx';
import { Block } from '../settings/block.tsx';
import type { Language } from '../words/dates.ts';
import type { TelemetryWords } from '../words/telemetry-en.ts';
import { useTelemetryWords } from './use-figures.ts';

type Change = TelemetryAnswer['differences'][number];

/** Id of a question that is there on one side only. */
function wholeOf({ place, before, after }: Change, which: 'added' | 'retired'): string | undefined {
  const [, id = ''] = /^questions\/([^/]+)\/id$/.exec(place) ?? [];
  const isWhole = which === 'added' ? before === null : after === null;
  return id !== '' && isWhole ? id : undefined;
}

/** Texts of the other language, and of questions shown whole, say nothing more. */
function isShown({ place }: Change, language: Language, whole: ReadonlySet<string>): boolean {
  if (place === 'questions' || place.endsWith(language === 'de' ? '/en' : '/de')) return false;
  const [, id = ''] = /^questions\/([^/]+)\//.exec(place) ?? [];
  return !whole.has(id);
}

function placeText(words: TelemetryWords, told: TelemetryAnswer, language: Language, place: string): string {
  const [room = '', id = ''] = place.split('/');
  const names: Readonly<Record<string, string>> = words.places;
  const name = (room === 'collector' ? collectorPlaces(words)[id] : undefined) ?? names[room] ?? room;
  const question = room === 'questions' ? told.questions.find((one) => one.id === id) : undefined;
  return question === undefined ? name : `${name}: ${question.text[language]}`;
}

function collectorPlaces({
  operator,
  country,
  purpose,
  published,
  place,
}: TelemetryWords): Readonly<Record<string, string>> {
  return { operator, country, purpose, published, url: place };
}

export function Difference({ told }: { readonly told: TelemetryAnswer }) {
  const words = useTelemetryWords();
  const language = useLanguage();
  const changes = told.differences;
  const added = changes.flatMap((change) => wholeOf(change, 'added') ?? []);
  const retired = changes.flatMap((change) => wholeOf(change, 'retired') ?? []);
  const whole = new Set([...added, ...retired]);
  const textOf = (id: string): string =>
    told.questions.find((question) => question.id === id)?.text[language] ??
    changes.find(({ place }) => place === `questions/${id}/text/${language}`)?.before ??
    id;
  return (
    <Block title={words.difference}>
      {[
        [words.added, added],
        [words.retired, retired],
      ].map(([title, ids]) =>
        typeof title !== 'string' || !Array.isArray(ids) || ids.length === 0 ? null : (
          <div class="figures-whole" key={title}>
            <p class="meta">{title}</p>
            <ul>
              {ids.map((id) => (
                <li key={id}>{textOf(id)}</li>
              ))}
            </ul>
          </div>
        ),
      )}
      <ul class="lines figures-changes">
        {changes
          .filter((change) => isShown(change, language, whole))
          .map(({ place, before, after }) => (
            <li key={place} class="figure">
              <p class="meta">{placeText(words, told, language, place)}</p>
              {before === null ? null : (
                <p class="figures-was">
                  <span class="label">{words.was}</span> <del>{before}</del>
                </p>
              )}
              {after === null ? null : (
                <p class="figures-is">
                  <span class="label">{words.is}</span> <ins>{after}</ins>
                </p>
              )}
            </li>
          ))}
      </ul>
    </Block>
  );
}
