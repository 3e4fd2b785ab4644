// Where backups lie: sealed objects by name and a manifest each; a folder, or a bucket on the net.

export type PlaceProblemKind =
  /** No room left; what was begun was taken away again. */
  | 'placeFull'
  /** Not there, not reachable, or not answering as such a place does. */
  | 'placeUnreachable'
  /** It is there, and we may not. */
  | 'placeForbidden'
  /** It keeps what it has until its time: nothing was removed. */
  | 'placeKeeps';

/** Expected where disks and nets are; caught where a backup is taken, tried or brought back. `code`: what the system said. */
export class PlaceProblem extends Error {
  readonly kind: PlaceProblemKind;
  readonly place: string;
  readonly code: string;

  constructor(kind: PlaceProblemKind, place: string, code: string) {
    super(`${kind} (${code})`);
    this.name = 'PlaceProblem';
    this.kind = kind;
    this.place = place;
    this.code = code;
  }
}

/** `bodies`: at a second place, closed segments of the body lane; nothing there is ever removed. */
export type Shelf = 'objects' | 'bodies' | 'backups';

export interface Shelved {
  readonly name: string;
  readonly bytes: number;
  /** When it was written, by the place’s own clock. */
  readonly writtenMs: number;
}

/** All methods throw PlaceProblem and nothing else for what comes from outside. */
export interface Place {
  /** As the operator wrote it. */
  readonly name: string;
  list(shelf: Shelf): Promise<readonly Shelved[]>;
  /** Bytes of what lies under that name; undefined when there is nothing. */
  size(shelf: Shelf, name: string): Promise<number | undefined>;
  read(shelf: Shelf, name: string): Promise<Buffer | undefined>;
  /** Whole or not at all, and on the medium when it resolves. `keepUntilMs`: not to be deleted before, where the place can see to it. */
  write(shelf: Shelf, name: string, bytes: Uint8Array, keepUntilMs?: number): Promise<void>;
  remove(shelf: Shelf, name: string): Promise<void>;
  /** Takes away what writes that were cut off before `beforeMs` left behind. */
  sweep?(beforeMs: number): Promise<void>;
}

const OBJECT = /^[0-9a-f]{64}$/;
const MANIFEST = /^[0-9a-z-]{1,40}\.manifest$/;

/** Whether a name may lie on that shelf: what else is there is passed over, never touched. */
export function isShelfName(shelf: Shelf, name: string): boolean {
  return (shelf === 'backups' ? MANIFEST : OBJECT).test(name);
}

export function manifestName(id: string): string {
  return `${id}.manifest`;
}
