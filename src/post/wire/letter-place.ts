// Places in the house that take letters to an address of their own: a letter goes there alone, and into no mailbox.

import { err, ok, type Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import type { MaybeSoon, WireLetter, WireRefusal } from './conduct.ts';
import type { RefusalKind } from './refusals.ts';

export type PlaceLetter = Omit<WireLetter<unknown>, 'accepted'>;

/** What the envelope says before the letter comes. */
export interface PlaceSender {
  /** Undefined: the null sender. */
  readonly sender: Address | undefined;
  /** SIZE of MAIL, if the client named it. */
  readonly sizeBytes: number | undefined;
  /** By a mail program of ours; the sender is an own address. */
  readonly isSignedIn: boolean;
}

export interface LetterPlace {
  /** `unknown`: the place has no such address; undefined: an address like any other. */
  knows(recipient: Address): 'place' | 'unknown' | undefined;
  /** Why this letter may not come now; undefined: it may. */
  refuseSender(from: PlaceSender): Promise<RefusalKind | undefined>;
  /** What a second recipient beside this place hears. */
  readonly alone: RefusalKind;
  /** Resolves with what stands behind 250, once the letter is where it should be. */
  take(letter: PlaceLetter, isSignedIn: boolean): Promise<Result<string, WireRefusal>>;
}

/** What one connection remembers of the letter at hand. */
export interface PlaceGate {
  begin(sender: Address | undefined, sizeBytes: number | undefined): void;
  /** Undefined: a recipient like any other, and others like it may follow. */
  find(recipient: Address | 'postmaster'): MaybeSoon<Result<void, WireRefusal>> | undefined;
  /** Set while the letter at hand is for a place. */
  readonly place: LetterPlace | undefined;
}

export function createPlaceGate(places: readonly LetterPlace[], isSignedIn: boolean): PlaceGate {
  let from: PlaceSender = { sender: undefined, sizeBytes: undefined, isSignedIn };
  let goesTo: LetterPlace | 'others' | undefined;
  const enter = async (place: LetterPlace): Promise<Result<void, WireRefusal>> => {
    const refusal = await place.refuseSender(from);
    if (refusal !== undefined) return err({ kind: refusal });
    goesTo = place;
    return ok(undefined);
  };
  return {
    begin(sender, sizeBytes) {
      from = { sender, sizeBytes, isSignedIn };
      goesTo = undefined;
    },
    find(recipient) {
      const known = knownTo(places, recipient);
      if (known?.as === 'unknown') return err({ kind: 'unknown' });
      if (known === undefined && (goesTo === undefined || goesTo === 'others')) {
        goesTo = 'others';
        return undefined;
      }
      if (goesTo === undefined && known !== undefined) return enter(known.place);
      const place = goesTo === undefined || goesTo === 'others' ? known?.place : goesTo;
      return place && err({ kind: place.alone });
    },
    get place() {
      return goesTo === 'others' ? undefined : goesTo;
    },
  };
}

function knownTo(
  places: readonly LetterPlace[],
  recipient: Address | 'postmaster',
): { readonly place: LetterPlace; readonly as: 'place' | 'unknown' } | undefined {
  if (recipient === 'postmaster') return undefined;
  for (const place of places) {
    const as = place.knows(recipient);
    if (as !== undefined) return { place, as };
  }
  return undefined;
}
