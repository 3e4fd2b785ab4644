// Which letters are one conversation: by Message-ID, References and In-Reply-To alone (RFC 5322 §3.6.4), never by subject. Pure.

import type { LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { chunks } from './mail-reads.ts';

export interface ThreadFacts {
  readonly messageId: string | undefined;
  /** Oldest first; what it answers stands last. */
  readonly references: readonly string[];
}

/** The messages of one conversation, each with its copies (letters of the same Message-ID). */
export type ThreadMessages = readonly (readonly LetterId[])[];

/**
 * Each letter answers one other: the last one it names that is here. Following that upwards ends at a letter that answers
 * none, at a message that is not here, or in a circle; letters with the same end are one conversation. A letter that names
 * messages of two conversations is put into one of them and joins nothing: nobody can tie strangers' conversations together.
 */
export class Threads {
  readonly #facts = new Map<LetterId, ThreadFacts>();
  /** Message-ID → the letter that had it first. */
  readonly #letterOf = new Map<string, LetterId>();
  /** Message-ID → letters that have or name it. */
  readonly #naming = new Map<string, Set<LetterId>>();
  readonly #ends = new Map<LetterId, string>();
  readonly #byEnd = new Map<string, Set<LetterId>>();
  /** Letters whose end is not known; with a letter, all that answer it are in here too. */
  readonly #loose = new Set<LetterId>();
  #turn = 0;

  has(id: LetterId): boolean {
    return this.#facts.has(id);
  }

  size(): number {
    return this.#facts.size;
  }

  /** Another number than before when a conversation of several letters became another. */
  turn(): number {
    this.#settle();
    return this.#turn;
  }

  put(id: LetterId, facts: ThreadFacts): void {
    this.drop(id);
    this.#facts.set(id, facts);
    this.#loose.add(id);
    for (const name of namesIn(facts)) {
      const naming = this.#naming.get(name) ?? new Set();
      this.#naming.set(name, naming.add(id));
    }
    const { messageId } = facts;
    if (messageId === undefined || this.#letterOf.has(messageId)) return;
    this.#letterOf.set(messageId, id);
    this.#loosen(messageId);
  }

  drop(id: LetterId): void {
    const facts = this.#facts.get(id);
    if (!facts) return;
    const { messageId } = facts;
    if (messageId !== undefined && this.#letterOf.get(messageId) === id) this.#loosen(messageId);
    this.#leave(id);
    this.#loose.delete(id);
    this.#facts.delete(id);
    for (const name of namesIn(facts)) {
      const naming = this.#naming.get(name);
      naming?.delete(id);
      if (naming?.size === 0) this.#naming.delete(name);
    }
    if (messageId === undefined || this.#letterOf.get(messageId) !== id) return;
    this.#letterOf.delete(messageId);
    for (const twin of this.#naming.get(messageId) ?? []) {
      if (this.#facts.get(twin)?.messageId === messageId) return void this.#letterOf.set(messageId, twin);
    }
  }

  /** The letter itself and the others of its conversation; copies of one message count once. */
  threadOf(id: LetterId): readonly LetterId[] {
    this.#settle();
    const all = [...(this.#byEnd.get(this.#ends.get(id) ?? '') ?? [id])];
    const part = partsOf(all).find((one) => one.includes(id)) ?? [id];
    return this.#messagesOf(part)
      .flatMap((copies) => (copies.includes(id) ? id : copies.slice(0, 1)))
      .toSorted((a, b) => Number(b === id) - Number(a === id));
  }

  /** Every conversation of two letters or more; one without end comes in parts, each as long as one that is shown. */
  conversations(): readonly ThreadMessages[] {
    this.#settle();
    const found: ThreadMessages[] = [];
    for (const letters of this.#byEnd.values()) {
      if (letters.size < 2) continue;
      for (const part of partsOf([...letters])) if (part.length > 1) found.push(this.#messagesOf(part));
    }
    return found;
  }

  #messagesOf(letters: readonly LetterId[]): ThreadMessages {
    const messages = new Map<string, LetterId[]>();
    for (const id of letters) {
      const name = this.#facts.get(id)?.messageId ?? ` ${id}`; // no Message-ID begins with a space
      messages.set(name, [...(messages.get(name) ?? []), id]);
    }
    return [...messages.values()];
  }

  /** Forgets the ends of all that lead through this message. */
  #loosen(messageId: string): void {
    const names = new Set([messageId]);
    for (const name of names) {
      for (const id of this.#naming.get(name) ?? []) {
        if (this.#loose.has(id)) continue;
        this.#leave(id);
        this.#loose.add(id);
        const own = this.#facts.get(id)?.messageId;
        if (own !== undefined) names.add(own);
      }
    }
  }

  #leave(id: LetterId): void {
    const end = this.#ends.get(id);
    if (end === undefined) return;
    this.#ends.delete(id);
    const letters = this.#byEnd.get(end);
    if (letters && letters.size > 1) this.#turn++;
    letters?.delete(id);
    if (letters?.size === 0) this.#byEnd.delete(end);
  }

  #settle(): void {
    for (const id of this.#loose) if (!this.#ends.has(id)) this.#findEnd(id);
    this.#loose.clear();
  }

  /** Walks up from a letter; all that were met on the way have the same end. */
  #findEnd(id: LetterId): void {
    const path = new Map<LetterId, ThreadFacts>();
    let here = id;
    let end: string | undefined;
    while (end === undefined) {
      const facts = this.#facts.get(here);
      end = this.#ends.get(here) ?? (path.has(here) ? circleName(path, here) : undefined);
      if (end !== undefined || !facts) break;
      path.set(here, facts);
      const answered = facts.references.findLast((name) => name !== facts.messageId && this.#letterOf.has(name));
      const parent = answered === undefined ? undefined : this.#letterOf.get(answered);
      if (parent === undefined) end = facts.references[0] ?? facts.messageId ?? here;
      else here = parent;
    }
    for (const member of path.keys()) this.#join(member, end ?? id);
  }

  #join(id: LetterId, end: string): void {
    this.#ends.set(id, end);
    const letters = this.#byEnd.get(end) ?? new Set();
    if (letters.size > 0) this.#turn++;
    this.#byEnd.set(end, letters.add(id));
  }
}

/** The first of the names in the circle that `from` closes: the same whoever leads into it. */
function circleName(path: ReadonlyMap<LetterId, ThreadFacts>, from: LetterId): string {
  const ids = [...path.keys()];
  const circle = ids.slice(ids.indexOf(from)).map((id) => path.get(id)?.messageId ?? id);
  return circle.toSorted()[0] ?? from;
}

function partsOf(letters: readonly LetterId[]): readonly (readonly LetterId[])[] {
  return chunks(letters, limits.client.threadLettersMax);
}

function namesIn({ messageId, references }: ThreadFacts): ReadonlySet<string> {
  return new Set(messageId === undefined ? references : [...references, messageId]);
}
