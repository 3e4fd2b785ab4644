// Which entries of the log still matter: when none of a segment does, its file goes.

import type { SubmissionId } from '#base/ids.ts';
import type { LetterLog, LogEntry, LogKind } from './letter-log.ts';
import type { LogPlace, Slot } from './slot.ts';

interface Known {
  letter: LogPlace | undefined;
  readonly notes: LogPlace[];
}

export class Segments {
  readonly #log: LetterLog;
  readonly #known = new Map<SubmissionId, Known>();
  /** How many bytes of a segment still matter. */
  readonly #living = new Map<number, number>();

  constructor(log: LetterLog) {
    this.#log = log;
  }

  add({ id }: Slot, kind: LogKind, place: LogPlace): void {
    const known = this.#known.get(id) ?? { letter: undefined, notes: [] };
    this.#known.set(id, known);
    if (kind === 'note') known.notes.push(place);
    else {
      if (known.letter !== undefined) this.#count(known.letter, -1);
      known.letter = place;
    }
    this.#count(place, 1);
  }

  holdsLetter({ id }: Slot): boolean {
    return this.#known.get(id)?.letter !== undefined;
  }

  notesOf(id: SubmissionId): readonly LogPlace[] {
    return this.#known.get(id)?.notes ?? [];
  }

  /** Forgets a letter. */
  release(id: SubmissionId): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    this.#known.delete(id);
    const places = known.letter === undefined ? known.notes : [known.letter, ...known.notes];
    for (const place of places) this.#count(place, -1);
  }

  /** Files in which nothing matters any more go. */
  async dropEmpty(): Promise<void> {
    for (const segment of this.#log.segments) {
      if (segment !== this.#log.currentSegment && this.#livingOf(segment) === 0) await this.drop(segment);
    }
  }

  async drop(segment: number): Promise<void> {
    this.#living.delete(segment);
    await this.#log.drop(segment);
  }

  /** A closed segment in which less than `share` of the bytes matters, but something does. */
  findSparse(share: number): number | undefined {
    for (const [segment, living] of this.#living) {
      if (living === 0 || segment === this.#log.currentSegment) continue;
      if (living < this.#log.bytesOf(segment) * share) return segment;
    }
    return undefined;
  }

  entriesIn(segment: number): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    for (const [id, { letter, notes }] of this.#known) {
      if (letter?.segment === segment) entries.push({ kind: 'letter', id, place: letter });
      for (const place of notes) if (place.segment === segment) entries.push({ kind: 'note', id, place });
    }
    return entries;
  }

  move({ kind, id, place: from }: LogEntry, to: LogPlace): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    if (kind === 'letter') known.letter = to;
    else known.notes[known.notes.indexOf(from)] = to;
    this.#count(from, -1);
    this.#count(to, 1);
  }

  #livingOf(segment: number): number {
    return this.#living.get(segment) ?? 0;
  }

  #count({ segment, length }: LogPlace, sign: 1 | -1): void {
    this.#living.set(segment, this.#livingOf(segment) + sign * length);
  }
}
