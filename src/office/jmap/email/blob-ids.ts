// Blob ids of letters: L<render version>-<letter>, and -<part> behind it. The bytes behind an id never change (decision 0005).

import { parseId, type LetterId } from '#base/ids.ts';

export interface LetterBlob {
  readonly renderVersion: number;
  readonly letterId: LetterId;
  /** 1 or 2: a part of the PGP/MIME message, decoded; undefined: the whole message. */
  readonly part: number | undefined;
}

export function letterBlobId({ renderVersion, letterId, part }: LetterBlob): string {
  return `L${renderVersion}-${letterId}${part === undefined ? '' : `-${part}`}`;
}

export function parseLetterBlobId(text: string): LetterBlob | undefined {
  const match = /^L(\d{1,3})-([a-z2-7]{26})(?:-([1-9]))?$/.exec(text);
  const letterId = parseId<LetterId>(match?.[2]);
  if (match === null || letterId === undefined) return undefined;
  return {
    renderVersion: Number(match[1]),
    letterId,
    part: match[3] === undefined ? undefined : Number(match[3]),
  };
}
