// Letters with documents at a door of the house: they go to the room that works on them, alone, and are kept nowhere on the way.

import { err, ok, type Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import type { MaybeSoon, WireLetter, WireRefusal } from './conduct.ts';
import type { RefusalKind } from './refusals.ts';

export type DocumentsLetter = Omit<WireLetter<unknown>, 'accepted'>;

export interface DocumentsPlace {
  /** `unknown`: the place has no such profile; undefined: an address like any other. */
  knows(recipient: Address): 'place' | 'unknown' | undefined;
  /** Why this sender may not now; undefined: it may. */
  refuseSender(sender: Address, sizeBytes: number | undefined): Promise<RefusalKind | undefined>;
  /** Resolves with what stands behind 250, once the result is taken and everything is erased. */
  take(letter: DocumentsLetter, isSignedIn: boolean): Promise<Result<string, WireRefusal>>;
}

/** What one connection remembers of the letter at hand: documents go to one address, and to nobody beside. */
export interface DocumentsGate {
  begin(sender: Address | undefined, sizeBytes: number | undefined): void;
  /** Undefined: a recipient like any other, and others like it may follow. */
  find(recipient: Address | 'postmaster'): MaybeSoon<Result<void, WireRefusal>> | undefined;
  /** Set while the letter at hand is for the room. */
  readonly place: DocumentsPlace | undefined;
}

export function createDocumentsGate(documents: DocumentsPlace | undefined, isSignedIn: boolean): DocumentsGate {
  let letter: { readonly sender: Address | undefined; readonly sizeBytes: number | undefined } | undefined;
  let goesTo: 'room' | 'others' | undefined;
  const enter = async (place: DocumentsPlace): Promise<Result<void, WireRefusal>> => {
    const sender = letter?.sender;
    if (sender === undefined) return err({ kind: 'transitNoSender' });
    const refusal = isSignedIn ? undefined : await place.refuseSender(sender, letter?.sizeBytes);
    if (refusal !== undefined) return err({ kind: refusal });
    goesTo = 'room';
    return ok(undefined);
  };
  return {
    begin(sender, sizeBytes) {
      letter = { sender, sizeBytes };
      goesTo = undefined;
    },
    find(recipient) {
      const known = recipient === 'postmaster' ? undefined : documents?.knows(recipient);
      if (known === 'unknown') return err({ kind: 'unknown' });
      if (documents === undefined || (known === undefined && goesTo !== 'room')) {
        goesTo = 'others';
        return undefined;
      }
      return goesTo === undefined ? enter(documents) : err({ kind: 'transitMixed' });
    },
    get place() {
      return goesTo === 'room' ? documents : undefined;
    },
  };
}
