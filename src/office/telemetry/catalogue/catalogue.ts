// What consent is given to: every question, who collects, by which way, by which rules; one text, one hash.

import { createHash } from 'node:crypto';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { REPORTS_MIN } from '../report/estimate.ts';
import { EPSILON } from '../report/randomise.ts';
import type { CollectorCard } from './card.ts';
import type { Question, Spoken } from './question.ts';

export type Way =
  | { readonly kind: 'relay'; /** https://…, of another party than the collector. */ readonly url: string }
  | { readonly kind: 'direct' };

export interface Catalogue {
  readonly v: 1;
  readonly collector: CollectorCard;
  readonly way: Way;
  readonly rules: readonly Spoken[];
  readonly questions: readonly Question[];
}

export function makeCatalogue(collector: CollectorCard, way: Way, questions: readonly Question[]): Catalogue {
  return { v: 1, collector, way, rules, questions };
}

/** 64 hex digits. One letter more or less anywhere makes another. */
export function hashCatalogue(catalogue: Catalogue): string {
  return createHash('sha256').update(canonicalBytes(catalogue)).digest('hex');
}

/** What holds for every report. Part of what is consented to. */
const rules: readonly Spoken[] = [
  {
    en: 'Once a week, at a random moment, one report leaves. All reports have the same length; only some carry an answer.',
    de: 'Einmal in der Woche, zu einem zufälligen Zeitpunkt, geht ein Bericht ab. Alle Berichte sind gleich lang; nur manche enthalten eine Antwort.',
  },
  {
    en: 'A report answers one question at most, and each question is answered once a quarter at most.',
    de: 'Ein Bericht beantwortet höchstens eine Frage, und jede Frage wird höchstens einmal im Quartal beantwortet.',
  },
  {
    en: `Every answer is randomised on this machine (ε = ${EPSILON}): with six answers to choose from, 40 % of what is sent is not the true one.`,
    de: `Jede Antwort wird auf dieser Maschine verwürfelt (ε = ${EPSILON}): bei sechs möglichen Antworten ist das Gesendete in 40 % der Fälle nicht die wahre.`,
  },
  {
    en: 'No identifier, no version, no time of day, no free text, no error. Nothing is fetched in return.',
    de: 'Keine Kennung, keine Version, keine Uhrzeit, kein freier Text, kein Fehler. Nichts wird dabei abgeholt.',
  },
  {
    en: `A question’s quarter is published when at least ${REPORTS_MIN} reports answered it, with its error, and never changed.`,
    de: `Das Quartal einer Frage wird veröffentlicht, wenn mindestens ${REPORTS_MIN} Berichte sie beantwortet haben, mit dem Fehler, und nie geändert.`,
  },
  {
    en: 'Whoever runs both relay and collector, and the collector alone where no relay is between, sees the answers of one address add up; then randomising protects nothing. So the relay must be another party’s.',
    de: 'Wer Relais und Sammelstelle zugleich betreibt (ohne Relais die Sammelstelle allein), sieht, wie sich die Antworten einer Adresse summieren; dann schützt das Verwürfeln nichts. Darum muss das Relais jemand anderem gehören.',
  },
];

/** One line that differs; undefined where there was, or is, none. */
export interface Difference {
  /** Where it stands: "questions/users/text/de". */
  readonly place: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Every text that stands in one of them and not in the other, in the order of the newer. Empty for equal hashes only. */
export function compareCatalogues(before: Catalogue, after: Catalogue): readonly Difference[] {
  const [was, is] = [linesOf(before), linesOf(after)];
  const gone = [...was.keys()].filter((place) => !is.has(place));
  return [...is.keys(), ...gone].flatMap((place) => {
    const [old, now] = [was.get(place), is.get(place)];
    return old === now ? [] : [{ place, before: old, after: now }];
  });
}

function linesOf(catalogue: Catalogue): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  const walk = (value: unknown, place: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value))
        walk(member, place === '' ? nameOf(member, key) : `${place}/${nameOf(member, key)}`);
      return;
    }
    if (typeof value === 'string' || typeof value === 'number') lines.set(place, String(value));
  };
  walk(catalogue, '');
  lines.set('questions', catalogue.questions.map(({ id }) => id).join(', '));
  return lines;
}

/** A question by its id, so that one more does not move all that follow. */
function nameOf(member: unknown, key: string): string {
  return typeof member === 'object' && member !== null && 'id' in member ? String(member.id) : key;
}
