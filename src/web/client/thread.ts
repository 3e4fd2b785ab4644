// Which letters are one conversation: by Message-ID, References and In-Reply-To alone (RFC 5322 §3.6.4), never by subject. Pure.

import type { LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';

export interface ThreadFacts {
  readonly messageId: string | undefined;
  /** Oldest first; what it answers stands last. */
  readonly references: readonly string[];
}

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

  has(id: LetterId): boolean {
    return this.#facts.has(id);
  }

  put(id: LetterId, facts: ThreadFacts): void {
    this.drop(id);
    this.#ends.clear();
    this.#facts.set(id, facts);
    const { messageId } = facts;
    if (messageId !== undefined && !this.#letterOf.has(messageId)) this.#letterOf.set(messageId, id);
    for (const name of namesIn(facts)) {
      const naming = this.#naming.get(name) ?? new Set();
      this.#naming.set(name, naming.add(id));
    }
  }

  drop(id: LetterId): void {
    const facts = this.#facts.get(id);
    if (!facts) return;
    this.#facts.delete(id);
    this.#ends.clear();
    for (const name of namesIn(facts)) {
      const naming = this.#naming.get(name);
      naming?.delete(id);
      if (naming?.size === 0) this.#naming.delete(name);
    }
    const { messageId } = facts;
    if (messageId === undefined || this.#letterOf.get(messageId) !== id) return;
    this.#letterOf.delete(messageId);
    for (const twin of this.#naming.get(messageId) ?? []) {
      if (this.#facts.get(twin)?.messageId === messageId) return void this.#letterOf.set(messageId, twin);
    }
  }

  /** The letter itself and the others of its conversation; copies of one message count once. */
  threadOf(id: LetterId): readonly LetterId[] {
    const own = this.#facts.get(id);
    if (!own) return [id];
    const { threadLettersMax, threadLooksMax } = limits.client;
    const end = this.#endOf(id);
    const members = [id];
    const looked = new Set([id]);
    const shown = new Set(own.messageId === undefined ? [] : [own.messageId]);
    const names = [...new Set([end, ...shown])];
    for (const name of names) {
      for (const found of this.#naming.get(name) ?? []) {
        if (members.length >= threadLettersMax || looked.size >= threadLooksMax) return members;
        if (looked.has(found)) continue;
        looked.add(found);
        if (this.#endOf(found) !== end) continue;
        const messageId = this.#facts.get(found)?.messageId;
        if (messageId === undefined || !shown.has(messageId)) members.push(found);
        if (messageId === undefined || shown.has(messageId)) continue;
        shown.add(messageId);
        names.push(messageId);
      }
    }
    return members;
  }

  #endOf(id: LetterId): string {
    const known = this.#ends.get(id);
    if (known !== undefined) return known;
    const end = this.#walk(id);
    this.#ends.set(id, end);
    return end;
  }

  #walk(id: LetterId): string {
    const path: string[] = [];
    let facts = this.#facts.get(id);
    while (facts && path.length < limits.client.threadDepthMax) {
      const { messageId } = facts;
      if (messageId !== undefined) path.push(messageId);
      const answered = facts.references.findLast((name) => name !== messageId && this.#letterOf.has(name));
      if (answered === undefined) return facts.references[0] ?? messageId ?? id;
      const circle = path.indexOf(answered);
      if (circle >= 0) return path.slice(circle).toSorted()[0] ?? id;
      const parent = this.#letterOf.get(answered);
      facts = parent === undefined ? undefined : this.#facts.get(parent);
    }
    return path.at(-1) ?? id;
  }
}

function namesIn({ messageId, references }: ThreadFacts): ReadonlySet<string> {
  return new Set(messageId === undefined ? references : [...references, messageId]);
}
