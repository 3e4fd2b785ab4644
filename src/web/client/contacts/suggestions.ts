// Who is meant while somebody types: contacts and people written to before, the most used first. One sealed item counts the use.

import * as v from 'valibot';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Person } from '../../backend.ts';
import type { OpenSession } from '../open-session.ts';
import { putItem, readItems, type Item } from '../sealed-items.ts';
import { peopleOf } from './people.ts';

const COLLECTION = 'people';
const usedShape = v.object({ name: v.string(), address: v.string(), uses: v.number(), lastMs: v.number() });
const listShape = v.object({ v: v.literal(1), used: v.array(usedShape) });
type Used = Readonly<v.InferOutput<typeof usedShape>>;

export interface Suggestions {
  suggest(text: string): Promise<readonly Person[]>;
  /** Letters were sent to them. Nothing is said when it cannot be kept: it is a convenience. */
  count(people: readonly Person[]): Promise<void>;
}

/** `others`: people of letters opened in this session. */
export function createSuggestions(session: OpenSession, clock: Clock, others: () => Iterable<Person>): Suggestions {
  let reading: Promise<{ readonly item: Item | undefined; readonly used: readonly Used[] }> | undefined;
  const read = () => (reading ??= readUsed(session));

  return {
    async suggest(text) {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length === 0) return [];
      const { used } = await read();
      const contacts = await peopleOf(session).all();
      const ranks = new Ranks(words, clock.nowMs());
      for (const one of used) ranks.take(one, one);
      for (const { person } of contacts.ok ? contacts.value : []) {
        if (person.kept) for (const address of person.addresses) ranks.take({ name: person.name, address }, 'contact');
      }
      for (const person of others()) ranks.take(person, 'seen');
      return ranks.best(limits.compose.suggestionsMax);
    },
    async count(people) {
      const { item, used } = await readUsed(session);
      const byAddress = new Map(used.map((one) => [one.address.toLowerCase(), one]));
      for (const { name, address } of people) {
        const old = byAddress.get(address.toLowerCase());
        const uses = (old?.uses ?? 0) + 1;
        byAddress.set(address.toLowerCase(), { name: name || (old?.name ?? ''), address, uses, lastMs: clock.nowMs() });
      }
      const kept = [...byAddress.values()]
        .toSorted((a, b) => b.lastMs - a.lastMs)
        .slice(0, limits.compose.peopleKeptMax);
      await putItem(session, COLLECTION, item, { v: 1, used: kept });
      reading = undefined;
    },
  };
}

async function readUsed(
  session: OpenSession,
): Promise<{ readonly item: Item | undefined; readonly used: readonly Used[] }> {
  const items = await readItems(session, COLLECTION);
  const item = items.ok ? items.value[0] : undefined;
  const parsed = v.safeParse(listShape, item?.plainValue);
  return { item, used: parsed.success ? parsed.output.used : [] };
}

const HALF_LIFE_MS = 30 * 24 * 3_600_000;

/** Points by use that fade, by the address book, by where the words stand. */
class Ranks {
  readonly #words: readonly string[];
  readonly #nowMs: number;
  readonly #best = new Map<string, { readonly person: Person; readonly points: number }>();

  constructor(words: readonly string[], nowMs: number) {
    this.#words = words;
    this.#nowMs = nowMs;
  }

  take(person: Person, why: Used | 'contact' | 'seen'): void {
    const fit = this.#fit(person);
    if (fit === 0 || person.address === '') return;
    const key = person.address.toLowerCase();
    const known = this.#best.get(key);
    const points = (known?.points ?? fit) + this.#pointsOf(why);
    const { name } = known?.person ?? person;
    this.#best.set(key, {
      person: { name: name || person.name, address: known?.person.address ?? person.address },
      points,
    });
  }

  best(max: number): readonly Person[] {
    return [...this.#best.values()]
      .toSorted((a, b) => b.points - a.points || a.person.address.localeCompare(b.person.address))
      .slice(0, max)
      .map(({ person: { name, address } }) => ({ name, address }));
  }

  #pointsOf(why: Used | 'contact' | 'seen'): number {
    if (why === 'contact') return 1;
    if (why === 'seen') return 0;
    const age = Math.max(0, this.#nowMs - why.lastMs);
    return Math.log2(1 + why.uses) * 0.5 ** (age / HALF_LIFE_MS);
  }

  /** Every word must stand somewhere; at the beginning of a word it counts more. 0: does not fit. */
  #fit({ name, address }: Person): number {
    const text = `${name} ${address}`.toLowerCase();
    const starts = text.split(/[^\p{L}\p{N}]+/u);
    let points = 0;
    for (const word of this.#words) {
      if (starts.some((start) => start.startsWith(word)) || text.startsWith(word)) points += 2;
      else if (text.includes(word)) points += 0.5;
      else return 0;
    }
    return points;
  }
}
